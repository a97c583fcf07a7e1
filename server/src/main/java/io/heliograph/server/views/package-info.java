/**
 * Saved views: filters of a dashboard's screen that members keep under a name, for themselves or for the workspace. {@link
 * io.heliograph.server.views.ViewsController} is the way in. Owns the table {@code saved_view}.
 */
@NullMarked
package io.heliograph.server.views;

import org.jspecify.annotations.NullMarked;
