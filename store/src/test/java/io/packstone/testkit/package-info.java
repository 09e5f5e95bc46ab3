/**
 * What tests of many packages share. What lives here: backends in memory, faulty and corrupting ones, the contract
 * suite every backend runs, seeded trees and their comparison. What does not: tests of one package. Invariants:
 * everything random comes from a seed. Read on: docs/architecture.md, Tests.
 */
@NullMarked
package io.packstone.testkit;

import org.jspecify.annotations.NullMarked;
