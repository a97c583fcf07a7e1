package io.heliograph.examples.shop;

/**
 * An order, as it is stored and as clients see it. Immutable.
 *
 * @param state {@code placed} or {@code shipped}
 */
record Order(String id, String article, String state) {}
