/**
 * Looking into snapshots. What lives here: choosing one by what a person types, writing files and archives out of one. What
 * does not: restoring to disk (restore). Invariants: reads only. Read on: the command line's help.
 */
@NullMarked
package io.packstone.browse;

import org.jspecify.annotations.NullMarked;
