/**
 * What whoever runs a server asks it: whether it lives, whether it can take requests, and its metrics. Knows no
 * feature; parts register their meters with the {@link io.micrometer.core.instrument.MeterRegistry} bean.
 */
@NullMarked
package io.heliograph.server.operations;

import org.jspecify.annotations.NullMarked;
