package dev.muster.cluster.object;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/**
 * What a fault changed of a Deployment or StatefulSet, written on the object itself in the same
 * request: any later Muster can put it back without a journal. The label is what a list can ask
 * for, the annotation has what was there before.
 */
public final class WorkloadMark {
  /** Says which fault it was. */
  public static final String LABEL = "muster.dev/fault";

  /** The fields that were changed, as JSON: {@code [{"field", "before", "set"}]}. */
  public static final String BEFORE = "muster.dev/before";

  /** A template that differs in it is a new revision; {@code kubectl rollout restart} sets it. */
  public static final String RESTARTED = "kubectl.kubernetes.io/restartedAt";

  /** Fields of a change. */
  public static final String REPLICAS = "replicas";

  private static final String IMAGE = "image of ";
  private static final JsonMapper JSON = JsonMapper.shared();

  /**
   * @param before null: it was not there
   */
  private record Change(String field, @Nullable String before, String set) {}

  private WorkloadMark() {}

  /** The field of a container's image. */
  public static String image(String container) {
    return IMAGE + container;
  }

  /** The fault that has changed it; empty where none has. */
  public static Optional<String> of(HasMetadata workload) {
    return Optional.ofNullable(Pods.labels(workload).get(LABEL));
  }

  /** What a field says; null where there is none. */
  public static @Nullable String read(HasMetadata workload, String field) {
    if (field.equals(REPLICAS)) {
      return Integer.toString(Workloads.replicas(workload));
    }
    if (field.equals(RESTARTED)) {
      ObjectMeta metadata = Workloads.template(workload).getMetadata();
      return metadata == null || metadata.getAnnotations() == null
          ? null
          : metadata.getAnnotations().get(RESTARTED);
    }
    return container(workload, field).map(Container::getImage).orElse(null);
  }

  private static Optional<Container> container(HasMetadata workload, String field) {
    return Workloads.template(workload).getSpec().getContainers().stream()
        .filter(c -> field.equals(image(c.getName())))
        .findFirst();
  }

  /** All fields say so. */
  public static boolean holds(HasMetadata workload, Map<String, String> fields) {
    return fields.entrySet().stream()
        .allMatch(f -> f.getValue().equals(read(workload, f.getKey())));
  }

  private static void write(HasMetadata workload, String field, @Nullable String value) {
    if (field.equals(REPLICAS)) {
      if (value != null) {
        Workloads.scale(workload, Integer.parseInt(value));
      }
    } else if (field.equals(RESTARTED)) {
      var template = Workloads.template(workload);
      if (template.getMetadata() == null) {
        template.setMetadata(new ObjectMeta());
      }
      ObjectMeta metadata = template.getMetadata();
      metadata.setAnnotations(with(metadata.getAnnotations(), RESTARTED, value));
    } else {
      container(workload, field).ifPresent(c -> c.setImage(value));
    }
  }

  private static Map<String, String> with(
      @Nullable Map<String, String> all, String key, @Nullable String value) {
    Map<String, String> changed = new TreeMap<>(all == null ? Map.of() : all);
    if (value == null) {
      changed.remove(key);
    } else {
      changed.put(key, value);
    }
    return changed;
  }

  /** Sets the fields, and writes down what they said. */
  public static void put(HasMetadata workload, String fault, Map<String, String> fields) {
    ArrayNode changes = JSON.createArrayNode();
    new TreeMap<>(fields)
        .forEach((field, value) -> {
          changes
              .addObject()
              .put("field", field)
              .put("before", read(workload, field))
              .put("set", value);
          write(workload, field, value);
        });
    ObjectMeta metadata = workload.getMetadata();
    metadata.setLabels(with(metadata.getLabels(), LABEL, fault));
    metadata.setAnnotations(with(metadata.getAnnotations(), BEFORE, changes.toString()));
  }

  /**
   * Puts back what the fault set, as far as nobody else has set it since, and takes the mark away.
   *
   * @return a sentence for each field that somebody else has set, and that was left
   */
  public static List<String> takeBack(HasMetadata workload) {
    List<String> left = new ArrayList<>();
    for (Change change : changes(workload)) {
      String now = read(workload, change.field());
      if (change.set().equals(now)) {
        write(workload, change.field(), change.before());
      } else if (!Objects.equals(change.before(), now)) {
        left.add("%s is %s, which somebody else has set".formatted(change.field(), now));
      }
    }
    ObjectMeta metadata = workload.getMetadata();
    metadata.setLabels(with(metadata.getLabels(), LABEL, null));
    metadata.setAnnotations(with(metadata.getAnnotations(), BEFORE, null));
    return List.copyOf(left);
  }

  /** None where the annotation is gone, or is not what Muster wrote: then nobody knows. */
  private static List<Change> changes(HasMetadata workload) {
    String text = Workloads.annotations(workload).get(BEFORE);
    if (text == null) {
      return List.of();
    }
    try {
      return JSON.readTree(text).valueStream().flatMap(c -> change(c).stream()).toList();
    } catch (JacksonException e) {
      return List.of();
    }
  }

  private static Optional<Change> change(JsonNode json) {
    String field = json.path("field").asString("");
    JsonNode set = json.path("set");
    JsonNode before = json.path("before");
    boolean whole =
        !field.isEmpty()
            && set.isString()
            && (!field.equals(REPLICAS) || before.asString("").matches("[0-9]{1,9}"));
    return whole
        ? Optional.of(
            new Change(field, before.isString() ? before.asString() : null, set.asString()))
        : Optional.empty();
  }
}
