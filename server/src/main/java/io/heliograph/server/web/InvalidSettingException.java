package io.heliograph.server.web;

/**
 * A setting has a value that the process cannot start with. Thrown by the constructors of settings records; start-up
 * ends with one line that names the key, the value and what was expected.
 */
public final class InvalidSettingException extends IllegalArgumentException {

    /**
     * @param key kebab case with its prefix, such as {@code heliograph.port}
     * @param value as it was given; never of a secret
     * @param expected such as {@code "a port from 0 to 65535"}
     */
    public InvalidSettingException(String key, Object value, String expected) {
        super(key + " is \"" + value + "\"; expected " + expected + environmentName(key));
    }

    /** Throws unless the setting is right. */
    public static void check(boolean right, String key, Object value, String expected) {
        if (!right) {
            throw new InvalidSettingException(key, value, expected);
        }
    }

    private static String environmentName(String key) {
        return " (in the environment: " + SettingNames.environment(key) + ")";
    }
}
