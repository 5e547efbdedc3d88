package dev.muster.timeline.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.timeline.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceFileTest {
  @TempDir Path folder;

  private static Trace trace(Trace.Source source) {
    return new Trace(
        "r-1", source, "/k", Samples.T, "api", "api-1", "n1", "w-1", "stop", "zu Ende: \"好\"", 2);
  }

  @Test
  void whatWasWrittenIsRead() {
    var traces = List.of(trace(Trace.Source.USAGE), trace(Trace.Source.LOG));
    TraceFile.write(folder, traces);
    assertThat(TraceFile.read(folder)).isEqualTo(traces);
  }

  @Test
  void aRunThatReadNoneHasNone() {
    assertThat(TraceFile.read(folder)).isEmpty();
  }

  @Test
  void aBrokenFileIsToldAndNotPassedOver() throws IOException {
    TraceFile.write(folder, List.of(trace(Trace.Source.LOG)));
    var path = folder.resolve(TraceFile.FILE);
    var bytes = Files.readAllBytes(path);
    Files.write(path, java.util.Arrays.copyOf(bytes, bytes.length - 9));
    assertThatThrownBy(() -> TraceFile.read(folder))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining(TraceFile.FILE);
  }

  @Test
  void aSourceThatIsReadAgainReplacesWhatWasThereOfItAlone() {
    TraceFile.put(folder, Trace.Source.LOG, List.of(trace("a", Trace.Source.LOG)));
    TraceFile.put(folder, Trace.Source.USAGE, List.of(trace("b", Trace.Source.USAGE)));
    TraceFile.put(folder, Trace.Source.LOG, List.of(trace("c", Trace.Source.LOG)));
    assertThat(TraceFile.read(folder))
        .containsExactly(trace("b", Trace.Source.USAGE), trace("c", Trace.Source.LOG));
  }

  private static Trace trace(String request, Trace.Source source) {
    return new Trace(request, source, "", null, "", "", "", "", "", "", 1);
  }
}
