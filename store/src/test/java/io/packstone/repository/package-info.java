/** What a repository keeps twice: a test of each rule, without a repository. */
@NullMarked
package io.packstone.repository;

import org.jspecify.annotations.NullMarked;
