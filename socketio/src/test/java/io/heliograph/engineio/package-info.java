/** What tests of this module need of the layer below. */
@org.jspecify.annotations.NullMarked
package io.heliograph.engineio;
