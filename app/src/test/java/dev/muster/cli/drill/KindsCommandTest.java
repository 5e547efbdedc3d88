package dev.muster.cli.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.cli.Ended;
import dev.muster.drill.file.DrillFile;
import dev.muster.drill.kind.Kinds;
import dev.muster.source.SourceSchema;
import dev.muster.source.SourceTree;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class KindsCommandTest {

  @Test
  void aLineEach() {
    Ended ended = Ended.of("kinds");
    assertThat(ended.exit()).isZero();
    assertThat(ended.output().lines())
        .hasSize(1 + Kinds.all().size())
        .contains(
            "KubeletStop    nodes         yes    SIGSTOP to the kubelet: pods live on, the node's"
                + " lease stops");
  }

  /** Each command that reads a drill would print it. */
  @Test
  void theSchemaIsReadWithoutAWarning() {
    List<LogRecord> told = new CopyOnWriteArrayList<>();
    Logger logger = Logger.getLogger("com.networknt.schema");
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            told.add(record);
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    logger.addHandler(handler);
    try {
      SourceSchema.of(DrillFile.schema(), "a drill")
          .problems(SourceTree.of("faults: [{kind: x}]", "d.yaml"));
    } finally {
      logger.removeHandler(handler);
    }
    assertThat(told).extracting(LogRecord::getMessage).isEmpty();
  }

  @Test
  void orForAProgram() {
    var kinds = new JsonMapper().readTree(Ended.of("kinds", "--output", "json").output());
    assertThat(kinds.path(0).path("name").asString()).isEqualTo("NodeShutdown");
    assertThat(kinds.path(0).path("agent").asBoolean(true)).isFalse();
  }
}
