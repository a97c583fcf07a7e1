package io.heliograph.server.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WordsTest {

    static Stream<Arguments> texts() {
        return Stream.of(
                Arguments.of("Refund order 9?", List.of("refund", "order", "9")),
                Arguments.of("  mail.send_now/2026-11-29  ", List.of("mail", "send", "now", "2026", "11", "29")),
                Arguments.of("orderId a1B2", List.of("orderid", "a1b2")),
                Arguments.of("Größe Á-2 naïve ŁÓDŹ", List.of("grosse", "a", "2", "naive", "łodz")),
                // The same composed, decomposed, in any case, in full width, as a ligature.
                Arguments.of("caf\u00E9 cafe\u0301 CAFÉ ｃａｆｅ", List.of("cafe")),
                Arguments.of("ﬁle FILE", List.of("file")),
                Arguments.of("straße STRASSE ſtraẞe", List.of("strasse")),
                // A sigma at the end of a word, and Turkish letters.
                Arguments.of("ΟΔΟΣ οδος οδοσ Ὀδός", List.of("οδοσ")),
                Arguments.of("İstanbul ISTANBUL ıstanbul", List.of("istanbul")),
                Arguments.of("Дом ДОМ", List.of("дом")),
                Arguments.of("東京タワー", List.of("東", "京", "タワー")),
                Arguments.of("x漢y", List.of("x", "漢", "y")),
                // Marks and invisible characters do not split a word; a zero-width space does.
                Arguments.of("हिन्दी", List.of("हनद")),
                Arguments.of("co\u00ADop so\u200Dft \u202Eright", List.of("coop", "soft", "right")),
                Arguments.of("two\u200Bwords", List.of("two", "words")),
                // Letters beyond U+FFFF: Deseret in upper and lower case, an ideograph, bold letters.
                Arguments.of("𐐀𐐁 𐐨𐐩", List.of("𐐨𐐩")),
                Arguments.of("a𠀀b", List.of("a", "𠀀", "b")),
                Arguments.of("𝐁old", List.of("bold")),
                Arguments.of("€ — … 😀 \u0301", List.of()),
                Arguments.of("", List.of()));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void textsHaveTheseWords(String text, List<String> words) {
        assertThat(Words.of(text)).containsExactlyElementsOf(words);
    }

    @Test
    void aWordIsCutAtItsLengthInCharactersAndTheNextBeginsAfterIt() {
        assertThat(Words.of("x".repeat(65) + " y")).containsExactly("x".repeat(64), "y");
        assertThat(Words.of("𐐨".repeat(65))).containsExactly("𐐨".repeat(64));
        assertThat(Words.of("x".repeat(64))).containsExactly("x".repeat(64));
    }

    @Test
    void noMoreWordsAreAddedThanAllowed() {
        List<String> words = new ArrayList<>();

        Words.add("one two three", words, 2);

        assertThat(words).containsExactly("one", "two");
    }

    @Test
    void theWordsOfEveryCharacterAreTheirOwnWords() {
        assertThat(IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
                        .filter(character -> Character.getType(character) != Character.SURROGATE)
                        .mapToObj(Character::toString)
                        .filter(text -> Words.of(text).stream()
                                .anyMatch(word -> !Words.of(word).equals(Set.of(word))))
                        .toList())
                .isEmpty();
    }

    @Test
    void everyCharacterHasTheWordsOfItsUpperAndLowerCase() {
        // Cherokee and some others have a lower case whose upper case is another character.
        assertThat(IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
                        .filter(Character::isLetter)
                        .filter(character -> {
                            Set<String> words = Words.of(Character.toString(character));
                            return !Words.of(Character.toString(Character.toUpperCase(character)))
                                            .equals(words)
                                    || !Words.of(Character.toString(Character.toLowerCase(character)))
                                            .equals(words);
                        })
                        .mapToObj(Character::toString)
                        .toList())
                .isEmpty();
    }

    @Test
    void whatSeparatesWordsAndTheirCaseAndMarksMakeNoDifference() {
        long seed = Optional.ofNullable(System.getenv("HELIOGRAPH_SEED"))
                .map(Long::parseLong)
                .orElseGet(System::nanoTime);
        System.out.println("words: HELIOGRAPH_SEED=" + seed);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        for (int round = 0; round < 2_000; round++) {
            List<String> plain = IntStream.range(0, 1 + random.nextInt(5))
                    .mapToObj(_ -> random.ints(1 + random.nextInt(8), 'a', 'z' + 1)
                            .mapToObj(Character::toString)
                            .collect(Collectors.joining()))
                    .distinct()
                    .toList();
            String written = plain.stream()
                    .map(word -> written(word, random))
                    .collect(Collectors.joining(pick(random, " ", ", ", "-", "_", "\n\t", " — ", "😀", "\u200B")));

            assertThat(Words.of(written)).as("seed %s: %s", seed, written).containsExactlyElementsOf(plain);
        }
    }

    /** The same word with other case, marks and widths. */
    private static String written(String word, RandomGenerator random) {
        return word.chars()
                .mapToObj(letter -> switch (random.nextInt(5)) {
                    case 0 -> Character.toString(letter).toUpperCase(Locale.ROOT);
                    case 1 -> Character.toString(letter) + '\u0308';
                    case 2 -> Character.toString('ａ' + letter - 'a');
                    case 3 -> Character.toString(letter) + '\u00AD';
                    default -> Character.toString(letter);
                })
                .collect(Collectors.joining());
    }

    private static String pick(RandomGenerator random, String... from) {
        return from[random.nextInt(from.length)];
    }
}
