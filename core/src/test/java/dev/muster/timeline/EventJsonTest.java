package dev.muster.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.timeline.file.Journal;
import dev.muster.timeline.file.Samples;
import dev.muster.timeline.file.TimelineFile;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/** A line that lacks what an event must say is no event, wherever it came from. */
class EventJsonTest {

  static Stream<Event> events() {
    return Samples.EVENTS.stream();
  }

  private static ObjectNode json(Event event) {
    return (ObjectNode) EventJson.MAPPER.readTree(EventJson.write(event));
  }

  @ParameterizedTest
  @MethodSource("events")
  void whatMustBeSaidIs(Event event) {
    for (RecordComponent component : event.getClass().getRecordComponents()) {
      boolean may = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
      if (may || component.getType().isPrimitive()) {
        continue;
      }
      var empty = json(event);
      empty.putNull(component.getName());
      var read = readOrNull(empty);
      if (read != null) { // the event itself says what takes its place
        assertThat(value(component, read)).as("%s of %s", component, event).isNotNull();
      }
    }
  }

  private static @Nullable Event readOrNull(ObjectNode json) {
    try {
      var event = EventJson.read(json);
      EventJson.whole(event);
      return event;
    } catch (JacksonException e) {
      return null;
    }
  }

  private static @Nullable Object value(RecordComponent component, Event of) {
    try {
      return component.getAccessor().invoke(of);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(component.getName(), e);
    }
  }

  /** An undo must not wait for a word that it does not need. */
  @Test
  void whoeverActsTakesWhatThereIs(@TempDir Path folder) throws IOException {
    Files.writeString(
        folder.resolve(Journal.FILE),
        """
        {"type": "SettingObserved", "stamp": {"at": "2026-01-02T03:04:05Z", "source": "engine", "uncertainty": "PT0S"}, "name": "kubernetes", "value": null, "where": "cluster"}
        """);
    assertThat(TimelineFile.read(folder).events()).hasSize(1);
    assertThat(TimelineFile.readable(folder).unreadable()).containsExactly(1);
  }

  @Test
  void anEntryOfAListOrMapMustBeSaidToo() {
    var text =
        """
        {"type": "ResidueAudited", "stamp": {"at": "2026-01-02T03:04:05Z", "source": "engine", "uncertainty": "PT0S"},
         "residue": [null], "notLookedAt": [], "passedOver": []}
        """;
    assertThatThrownBy(() -> EventJson.whole(EventJson.read(EventJson.MAPPER.readTree(text))))
        .isInstanceOf(JacksonException.class);
  }
}
