/** Tests of healing from within: every bit of a small repository. */
@NullMarked
package io.packstone.maintenance.healing;

import org.jspecify.annotations.NullMarked;
