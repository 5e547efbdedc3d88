package dev.muster.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.RecordComponent;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
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
      return EventJson.read(json);
    } catch (JacksonException e) {
      return null;
    }
  }

  private static @Nullable Object value(RecordComponent component, Event of) {
    try {
      return component.getAccessor().invoke(of);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anEntryOfAListOrMapMustBeSaidToo() {
    var text =
        """
        {"type": "ResidueAudited", "stamp": {"at": "2026-01-02T03:04:05Z", "source": "engine", "uncertainty": "PT0S"},
         "residue": [null], "notLookedAt": [], "passedOver": []}
        """;
    assertThatThrownBy(() -> EventJson.read(EventJson.MAPPER.readTree(text)))
        .isInstanceOf(JacksonException.class);
  }
}
