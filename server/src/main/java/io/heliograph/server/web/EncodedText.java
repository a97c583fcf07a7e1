package io.heliograph.server.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.heliograph.server.errors.InvalidFieldException;
import io.heliograph.server.errors.UnicodeText;
import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks the text in a request's path and query by {@link UnicodeText}. It checks the percent-encoded form, because
 * decoders replace invalid UTF-8 by U+FFFD. Pure; safe from any thread.
 */
final class EncodedText {
    private EncodedText() {}

    /** @throws InvalidFieldException that names the variable of the path, or {@code path} when it is in none */
    static void checkPath(String rawPath, Map<String, String> variables) {
        UnicodeText.fault(decode(rawPath)).ifPresent(fault -> {
            throw new InvalidFieldException(
                    variables.entrySet().stream()
                            .filter(variable -> variable.getValue().indexOf(0) >= 0
                                    || variable.getValue().indexOf(UnicodeText.REPLACEMENT) >= 0)
                            .map(Map.Entry::getKey)
                            .findFirst()
                            .orElse("path"),
                    fault);
        });
    }

    /** @throws InvalidFieldException that names the parameter */
    static void checkQuery(@Nullable String rawQuery) {
        if (rawQuery == null) {
            return;
        }
        for (String parameter : rawQuery.split("&", -1)) {
            int equals = parameter.indexOf('=');
            String name = decode(equals < 0 ? parameter : parameter.substring(0, equals));
            Optional<String> fault = UnicodeText.fault(name)
                    .or(() -> UnicodeText.fault(decode(equals < 0 ? "" : parameter.substring(equals + 1))));
            if (fault.isPresent()) {
                throw new InvalidFieldException(UnicodeText.printable(name), fault.get());
            }
        }
    }

    private static String decode(String encoded) {
        if (encoded.indexOf('%') < 0) {
            return encoded;
        }
        byte[] bytes = encoded.getBytes(UTF_8);
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(bytes.length);
        for (int index = 0; index < bytes.length; index++) {
            boolean escape = bytes[index] == '%'
                    && index + 2 < bytes.length
                    && HexFormat.isHexDigit(bytes[index + 1])
                    && HexFormat.isHexDigit(bytes[index + 2]);
            if (escape) {
                decoded.write(HexFormat.fromHexDigit(bytes[++index]) << 4 | HexFormat.fromHexDigit(bytes[++index]));
            } else {
                decoded.write(bytes[index]);
            }
        }
        return UnicodeText.decode(decoded.toByteArray());
    }
}
