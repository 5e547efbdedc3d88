package dev.muster.load.answer.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.load.answer.Tokens;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokenChainTest {
  private final List<String> flaws = new ArrayList<>();
  private final TokenChain chain = new TokenChain("讲个故事", flaws::add);
  private final List<String> tokens = Tokens.of("讲个故事", 1_000);

  private void add(String text) {
    var bytes = ("??" + text + "?").getBytes(UTF_8);
    chain.add(bytes, 2, bytes.length - 1);
  }

  @Test
  void aThousandTokensInAnyPieces() {
    var text = String.join("", tokens);
    for (int from = 0, size = 1; from < text.length(); from += size, size = size % 29 + 1) {
      add(text.substring(from, Math.min(text.length(), from + size)));
    }
    chain.end(1_000);
    assertThat(flaws).isEmpty();
    assertThat(chain.seen()).isEqualTo(1_000);
    assertThat(chain.begun()).isTrue();
  }

  @Test
  void aFlawIsToldWhenItShowsAndOnlyTheFirst() {
    add(tokens.get(0) + tokens.get(0));
    assertThat(flaws).containsExactly("duplicate: token 1 came again after token 1");
    add(tokens.get(4) + "x");
    chain.end(9);
    assertThat(flaws).hasSize(1);
    assertThat(chain.seen()).isEqualTo(3);
  }

  @Test
  void whatIsNoTokenIsForeign() {
    for (var text :
        List.of(
            "x",
            " ",
            ".",
            "0.12345678 ",
            "1..",
            "1.1234567 ",
            "1.123456789",
            "1.ABCDEF12 ",
            "1234567890.",
            "1.12345678\n",
            "1 ",
            "é",
            "1.1234567g ")) {
      var heard = new ArrayList<String>();
      var one = new TokenChain("p", heard::add);
      one.add(text.getBytes(UTF_8), 0, text.getBytes(UTF_8).length);
      assertThat(heard)
          .as(text)
          .singleElement()
          .asString()
          .startsWith("foreign text \"" + text.strip());
      assertThat(one.seen()).isZero();
    }
  }

  @Test
  void foreignTextIsToldWithTheBeginningThatLookedLikeAToken() {
    add(tokens.get(0) + "2.ab");
    assertThat(flaws).isEmpty();
    add("orry, I can not go on with this long text");
    assertThat(flaws)
        .containsExactly(
            "foreign text \"2.aborry, I can not go on with this long…\" after token 1");
  }

  @Test
  void theEndAndTheCountMustFit() {
    add(tokens.get(0) + "2.");
    chain.end(1);
    assertThat(flaws).containsExactly("the text ends inside a token, after token 1");

    var heard = new ArrayList<String>();
    new TokenChain("p", heard::add).end(3);
    assertThat(heard).isEmpty();
  }
}
