/** Tests of parity: what the budget covers comes back bit by bit, what it does not is refused. */
@NullMarked
package io.packstone.parity;

import org.jspecify.annotations.NullMarked;
