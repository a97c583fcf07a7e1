package io.heliograph.server.notifications;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.heliograph.server.approvals.Approval.Risk;
import io.heliograph.server.errors.Fields;
import java.util.Optional;

/**
 * Which notifications a member gets, as the member set them; what is left out is as by default. Immutable.
 *
 * @param inApp the kinds that come into the inbox: the others are not stored and make no event
 * @param desktop the kinds of which a browser also shows a notification of the desktop; the dashboard follows it
 */
record NotificationPreferences(InApp inApp, Desktop desktop) {
    static final NotificationPreferences DEFAULT = new NotificationPreferences(
            new InApp(true, true, true, true), new Desktop(true, false, false, false, Risk.HIGH));

    @JsonCreator
    NotificationPreferences(
            @JsonProperty("inApp") Optional<InApp> inApp, @JsonProperty("desktop") Optional<Desktop> desktop) {
        this(inApp.orElse(DEFAULT.inApp), desktop.orElse(DEFAULT.desktop));
    }

    /** A switch for each kind. */
    record InApp(
            @JsonProperty("approval.requested") boolean approvalRequested,
            @JsonProperty("approval.expired") boolean approvalExpired,
            @JsonProperty("agent.offline") boolean agentOffline,
            @JsonProperty("agent.error") boolean agentError) {
        InApp {
            Fields.check(
                    approvalRequested,
                    "approval.requested",
                    "must be true: a critical request cannot be turned off in the inbox");
        }

        @JsonCreator
        InApp(
                @JsonProperty("approval.requested") Optional<Boolean> approvalRequested,
                @JsonProperty("approval.expired") Optional<Boolean> approvalExpired,
                @JsonProperty("agent.offline") Optional<Boolean> agentOffline,
                @JsonProperty("agent.error") Optional<Boolean> agentError) {
            this(
                    approvalRequested.orElse(true),
                    approvalExpired.orElse(true),
                    agentOffline.orElse(true),
                    agentError.orElse(true));
        }
    }

    /**
     * A switch for each kind.
     *
     * @param minRisk the least risk of the requests that notifications are shown of
     */
    record Desktop(
            @JsonProperty("approval.requested") boolean approvalRequested,
            @JsonProperty("approval.expired") boolean approvalExpired,
            @JsonProperty("agent.offline") boolean agentOffline,
            @JsonProperty("agent.error") boolean agentError,
            @JsonProperty("minRisk") Risk minRisk) {

        @JsonCreator
        Desktop(
                @JsonProperty("approval.requested") Optional<Boolean> approvalRequested,
                @JsonProperty("approval.expired") Optional<Boolean> approvalExpired,
                @JsonProperty("agent.offline") Optional<Boolean> agentOffline,
                @JsonProperty("agent.error") Optional<Boolean> agentError,
                @JsonProperty("minRisk") Optional<Risk> minRisk) {
            this(
                    approvalRequested.orElse(true),
                    approvalExpired.orElse(false),
                    agentOffline.orElse(false),
                    agentError.orElse(false),
                    minRisk.orElse(Risk.HIGH));
        }
    }
}
