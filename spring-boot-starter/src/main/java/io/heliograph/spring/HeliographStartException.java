package io.heliograph.spring;

/** The application cannot start with Heliograph as it is configured; {@link HeliographFailureAnalyzer} prints both texts. */
final class HeliographStartException extends RuntimeException {
    private final String action;

    /**
     * @param what is wrong, as a sentence without its full stop
     * @param action what to do, as sentences
     */
    HeliographStartException(String what, String action) {
        super(what);
        this.action = action;
    }

    String action() {
        return action;
    }
}
