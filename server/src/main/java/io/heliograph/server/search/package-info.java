/**
 * The search: words of approvals, and which approvals have them. The index is derived, in tables of its own, and fed from the
 * log behind the commands; {@code docs/decisions/0006-search.md} says why it is built so.
 *
 * <p>The ways in: {@link io.heliograph.server.search.SearchQuery} and {@link io.heliograph.server.search.SearchIndex} for
 * who searches, {@link io.heliograph.server.search.SearchSource} for who has the documents.
 */
@NullMarked
package io.heliograph.server.search;

import org.jspecify.annotations.NullMarked;
