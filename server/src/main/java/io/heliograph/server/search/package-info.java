/**
 * Full-text search of approvals: an inverted index in SQL tables. A background thread updates it from the event log, so
 * commands do not write it; {@code docs/decisions/0006-search.md} has the reasons.
 *
 * <p>Entry points: {@link io.heliograph.server.search.SearchQuery} and {@link io.heliograph.server.search.SearchIndex} to
 * search, {@link io.heliograph.server.search.SearchSource} to provide the documents.
 */
@NullMarked
package io.heliograph.server.search;

import org.jspecify.annotations.NullMarked;
