package dev.muster.drill.observer;

import dev.muster.drill.field.FaultYaml;
import java.util.Optional;

/**
 * Tells people of alerts.
 *
 * @param receiver namespace of the {@code muster-receiver} that it notifies, where one is known
 */
public record Alertmanager(Place place, Optional<String> receiver) implements Watcher {
  public static final Room ROOM =
      new Room(
          Place.field("alertmanager", "where Alertmanager is reached"),
          observe ->
              Place.of(observe, "alertmanager", "alertmanager", 9093)
                  .map(place -> new Alertmanager(place, receiver(place, observe))));

  private static Optional<String> receiver(Place place, FaultYaml observe) {
    return place instanceof Place.Service service
        ? Optional.of(service.namespace())
        : Place.monitor(observe);
  }
}
