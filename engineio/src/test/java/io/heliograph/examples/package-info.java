/** The code of the module's README, written as a user of the library writes it: with its public types alone. */
@org.jspecify.annotations.NullMarked
package io.heliograph.examples;
