package dev.muster.drill.observer;

import dev.muster.drill.field.Address;
import dev.muster.drill.field.FaultYaml;
import dev.muster.drill.field.Field;
import java.net.URI;
import java.util.Optional;

/** Where a program is reached: what {@code observe} says, else a service of {@code monitor}. */
public sealed interface Place {

  record Url(URI uri) implements Place {
    @Override
    public String toString() {
      return uri.toString();
    }
  }

  /** A Service of the cluster, reached through the API server's proxy. */
  record Service(String namespace, String name, int port) implements Place {
    @Override
    public String toString() {
      return "service/" + namespace + "/" + name + ":" + port;
    }
  }

  static Field field(String name, String meaning) {
    return Field.defined(name, "watcher", meaning).sense(Address::base);
  }

  /** Empty where {@code observe} does not say it. */
  static Optional<Place> said(FaultYaml observe, String field) {
    return observe.has(field) ? Optional.of(of(observe.text(field, ""))) : Optional.empty();
  }

  /**
   * @param name fixed, of the service in the chart of {@code monitor}
   */
  static Optional<Place> of(FaultYaml observe, String field, String name, int port) {
    return said(observe, field)
        .or(() -> monitor(observe).map(namespace -> new Service(namespace, name, port)));
  }

  /** The namespace of what watches, where the drill installs it. */
  static Optional<String> monitor(FaultYaml observe) {
    return Optional.of(observe.drill().in("monitor").text("namespace", ""))
        .filter(namespace -> !namespace.isEmpty());
  }

  /**
   * @param said as the drill's schema allows it
   */
  private static Place of(String said) {
    if (!said.startsWith("service/")) {
      return new Url(URI.create(said.replaceAll("/+$", "")));
    }
    String[] parts = said.split("[/:]", -1);
    return new Service(parts[1], parts[2], Integer.parseInt(parts[3]));
  }
}
