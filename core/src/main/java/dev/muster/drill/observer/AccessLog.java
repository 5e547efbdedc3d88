package dev.muster.drill.observer;

import dev.muster.drill.field.FaultYaml;
import dev.muster.drill.field.Field;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who writes a line for each request, with the request's id and the address of whom it went to.
 *
 * @param labels of the pods that write it
 * @param container null: all of theirs
 */
public record AccessLog(String namespace, Map<String, String> labels, @Nullable String container)
    implements Watcher {
  public static final Room ROOM =
      new Room(
          Field.mapping(
              "accessLog",
              "pods whose log tells which pod served a request, as an ingress' does",
              Field.defined("namespace", "name", "namespace of the pods that write the log")
                  .required("edge"),
              Field.defined("labels", "labels", "labels of the pods that write the log")
                  .required("{app: envoy}"),
              Field.defined("container", "name", "which of their containers; all if left out")),
          observe ->
              observe.has("accessLog")
                  ? Optional.of(of(observe.in("accessLog")))
                  : Optional.empty());

  private static AccessLog of(FaultYaml log) {
    return new AccessLog(
        log.text("namespace", ""),
        log.strings("labels"),
        log.has("container") ? log.text("container", "") : null);
  }
}
