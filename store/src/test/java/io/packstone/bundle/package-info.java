/** Tests of bundles: what is carried arrives whole, whatever is damaged, killed or pruned meanwhile; what is not is refused. */
@NullMarked
package io.packstone.bundle;

import org.jspecify.annotations.NullMarked;
