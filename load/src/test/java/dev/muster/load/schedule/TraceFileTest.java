package dev.muster.load.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.drill.Arrivals;
import dev.muster.drill.file.DrillException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceFileTest {
  @TempDir Path folder;

  private Schedule schedule(String text, @Nullable String column, Arrivals.Unit unit)
      throws IOException {
    var file = Files.writeString(folder.resolve("trace"), text);
    return Schedule.of(new Arrivals.Trace(file.toString(), column, unit), 1);
  }

  private long[] millis(String text, @Nullable String column, Arrivals.Unit unit)
      throws IOException {
    return schedule(text, column, unit).offsetsNanos().map(nanos -> nanos / 1_000_000).toArray();
  }

  /** Columns and dates as in the Azure LLM inference traces of 2023 and 2024. */
  @Test
  void datesAreCountedFromTheFirst() throws IOException {
    var old =
        """
        TIMESTAMP,ContextTokens,GeneratedTokens
        2023-11-16 18:15:46.6805900,374,44
        2023-11-16 18:15:50.9951690,396,109
        """;
    assertThat(millis(old, null, Arrivals.Unit.S)).containsExactly(0, 4314);
    var zoned =
        """
        TIMESTAMP,ContextTokens,GeneratedTokens
        2024-05-10 00:00:00.009930+00:00,2162,5
        2024-05-10 02:00:00.017335+02:00,2399,6
        """;
    var schedule = schedule(zoned, null, Arrivals.Unit.S);
    assertThat(schedule.offsetsNanos().toArray()).containsExactly(0, 7_405_000);
    assertThat(schedule.length()).hasValue(Duration.ofNanos(7_405_000));
  }

  /** BurstGPT counts seconds, Mooncake milliseconds. */
  @Test
  void numbersHaveAUnit() throws IOException {
    var csv =
        "Timestamp,Session ID,Elapsed time,Model\n5,,1,\"a, b\"\n45.5,,2,ChatGPT\n\n7,,1,GPT-4\n";
    assertThat(millis(csv, null, Arrivals.Unit.S)).containsExactly(0, 2000, 40_500);
    var json = "{\"timestamp\": 0, \"input_length\": 6758}\n{\"timestamp\": 3000}\n";
    assertThat(millis(json, null, Arrivals.Unit.MS)).containsExactly(0, 3000);
    assertThat(millis("a,b\n\"x,y\",1\nz,3\n", "b", Arrivals.Unit.S)).containsExactly(0, 2000);
  }

  @Test
  void whatIsWrongIsToldAtItsPlace() {
    refused("TIMESTAMP,A\n1,2\nsoon,2\n", null, "trace:3:1: \"soon\" is no time");
    refused("A,TIMESTAMP\n1,2\nx,soon\n", null, "trace:3:3: \"soon\" is no time");
    refused("A,TIMESTAMP\n1\n", null, "trace:2:1: the line ends before its column 2");
    refused("at,A\n1,2\n", null, "trace:1:1: no column \"timestamp\"; it has at, A");
    refused("Arrived,A\n1,2\n", "arived", "did you mean \"Arrived\"?");
    refused("{\"timestamp\": 1}\n{\"timestamp\"\n", null, "trace:2:1: no JSON object");
    refused("{\"at\": 1}\n", null, "no column \"timestamp\"");
    refused("timestamp\n1e300\n", null, "another \"unit\"");
    refused("timestamp\n", null, "only a header");
    refused("", null, "has no lines");
    assertThatThrownBy(() -> Schedule.of(new Arrivals.Trace("/no/such", null, Arrivals.Unit.S), 1))
        .isInstanceOf(DrillException.class)
        .hasMessageContaining("/no/such: no such file");
  }

  private void refused(String text, @Nullable String column, String why) {
    assertThatThrownBy(() -> schedule(text, column, Arrivals.Unit.S))
        .isInstanceOf(DrillException.class)
        .hasMessageContaining(why);
  }
}
