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
  /** Says which fault it was; on pods and nodes too, where one takes or cordons them. */
  public static final String LABEL = "muster.dev/fault";

  /**
   * The fields that were changed, as JSON: {@code [{"fault", "field", "before", "set"}]}. It counts
   * only beside the label of the same fault: a ReplicaSet may have kept one of an older fault.
   */
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
              .put("fault", fault)
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
   * Where {@link #byHand} says something, nothing is changed and the mark stays: it is all that is
   * known of the fault.
   *
   * @return a sentence for each field that somebody else has set, and that was left; or that of
   *     {@link #byHand}
   */
  public static List<String> takeBack(HasMetadata workload) {
    return changes(workload)
        .map(changes -> takeBack(workload, changes))
        .orElseGet(() -> byHand(workload).stream().toList());
  }

  /**
   * As {@link #takeBack(HasMetadata)}, by whoever did it and so needs no annotation: {@code kubectl
   * rollout undo} puts those of an older ReplicaSet in the place of a Deployment's.
   *
   * @param before the workload as it was before the fault
   * @param fields that the fault set
   */
  public static List<String> takeBack(
      HasMetadata workload, HasMetadata before, Map<String, String> fields) {
    return takeBack(
        workload,
        changes(workload)
            .orElseGet(() ->
                fields.entrySet().stream()
                    .map(f -> new Change(f.getKey(), read(before, f.getKey()), f.getValue()))
                    .toList()));
  }

  /**
   * What a person has to do where the label tells that a fault has changed it, and no annotation of
   * that fault what was there before: nobody can put that back who was not there. Empty where
   * {@link #takeBack(HasMetadata)} can, and without the label.
   */
  public static Optional<String> byHand(HasMetadata workload) {
    return of(workload)
        .filter(_ -> changes(workload).isEmpty())
        .map(fault ->
            ("%s has the label %s=%s and no readable annotation %s, so that nobody knows what was"
                    + " there before: put it back by hand (kubectl rollout undo, kubectl scale),"
                    + " then remove the label")
                .formatted(Workloads.ref(workload).path(), LABEL, fault, BEFORE));
  }

  /** Why no fault may begin on it: another has it. Empty where none has. */
  public static Optional<String> taken(HasMetadata workload) {
    return of(workload)
        .map(fault ->
            "%s carries the label %s=%s already: another fault has it, or a run has left it; run muster cleanup"
                .formatted(Workloads.ref(workload).path(), LABEL, fault));
  }

  private static List<String> takeBack(HasMetadata workload, List<Change> changes) {
    List<String> left = new ArrayList<>();
    for (Change change : changes) {
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

  /**
   * Empty where the annotation is gone, is of another fault than the label, or is not whole as
   * Muster wrote it: then nobody knows.
   */
  private static Optional<List<Change>> changes(HasMetadata workload) {
    Optional<String> fault = of(workload);
    String text = Pods.annotations(workload).get(BEFORE);
    if (fault.isEmpty() || text == null) {
      return Optional.empty();
    }
    try {
      List<JsonNode> entries = JSON.readTree(text).valueStream().toList();
      List<Change> changes =
          entries.stream()
              .filter(entry -> fault.get().equals(entry.path("fault").asString("")))
              .flatMap(entry -> change(entry).stream())
              .toList();
      return changes.isEmpty() || changes.size() < entries.size()
          ? Optional.empty()
          : Optional.of(changes);
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  private static Optional<Change> change(JsonNode json) {
    String field = json.path("field").asString("");
    JsonNode set = json.path("set");
    JsonNode before = json.path("before");
    boolean known =
        field.equals(REPLICAS)
            ? before.asString("").matches("[0-9]{1,9}")
            : field.equals(RESTARTED) || field.startsWith(IMAGE);
    return known && set.isString()
        ? Optional.of(
            new Change(field, before.isString() ? before.asString() : null, set.asString()))
        : Optional.empty();
  }
}
