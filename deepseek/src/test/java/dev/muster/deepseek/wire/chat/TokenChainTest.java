package dev.muster.deepseek.wire.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TokenChainTest {
  /** Computed apart, with another language's SHA-256. */
  @Test
  void matchesTheIndependentVectors() {
    var chain = new TokenChain("hi");
    assertThat(IntStream.range(0, 6).mapToObj(_ -> chain.next()))
        .containsExactly(
            "1.1cfc080e ",
            "2.d2deda67 ",
            "3.9e8ced05 ",
            "4.db8ae1cf ",
            "5.c152194b ",
            "6.7c6e438f ");
  }

  @Test
  void numbersTokensBeyondOneByteAndReadsUtf8() {
    var chain = new TokenChain("你好");
    var last = IntStream.range(0, 300).mapToObj(_ -> chain.next()).reduce((_, b) -> b);
    assertThat(last).contains("300.c7606982 ");
  }

  @Test
  void aChainGoesOnBehindItsOwnBeginningOnly() {
    var all = new TokenChain("prompt");
    var three = all.next() + all.next() + all.next();
    var rest = TokenChain.after("prompt", three);
    assertThat(rest.taken()).isEqualTo(3);
    assertThat(rest.next()).isEqualTo(all.next());
    for (var other :
        new String[] {"", three.substring(0, three.length() - 3), three + "x", "Hello"}) {
      assertThat(TokenChain.after("prompt", other).taken()).as(other).isZero();
    }
    assertThat(TokenChain.after("another", three).taken()).isZero();
  }
}
