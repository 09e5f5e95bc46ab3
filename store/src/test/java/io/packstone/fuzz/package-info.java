/**
 * Every parser of stored bytes and typed texts, for {@code FuzzTest}, which gives them the inputs that are kept, and for
 * {@code FuzzSoakTest}, which lets Jazzer look for new ones. The targets stand beside what they parse.
 */
package io.packstone.fuzz;
