/** The launcher at the top of the checkout, run as a person runs it. */
@NullMarked
package io.packstone.launcher;

import org.jspecify.annotations.NullMarked;
