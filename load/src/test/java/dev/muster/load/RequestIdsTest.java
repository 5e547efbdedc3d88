package dev.muster.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RequestIdsTest {

  @Test
  void noneIsTakenForAUuidAndNoneIsGivenTwice() {
    for (int length = 20; length < 40; length++) {
      var ids = new RequestIds("r".repeat(length));
      var all = LongStream.range(0, 2000).mapToObj(ids::of).toList();
      assertThat(all).doesNotHaveDuplicates().noneMatch(id -> id.length() == 36);
    }
  }

  @Test
  void otherwiseAnIdIsTheRunsAndANumber() {
    assertThat(new RequestIds("run").of(7)).isEqualTo("run-7");
  }
}
