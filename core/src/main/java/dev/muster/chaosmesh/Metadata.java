package dev.muster.chaosmesh;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * @param name as a drill's name may be
 * @param times how often a Schedule is carried out
 */
record Metadata(String name, int times) {
  /** An annotation that Chaos Mesh does not look at: it says when a Schedule ends. */
  static final String TIMES = "muster.dev/times";

  static final int DEFAULT_TIMES = 3;

  private static final String PAUSE = "experiment.chaos-mesh.org/pause";
  private static final int LONGEST = 63;

  static Metadata read(Document document, Fields metadata, String kind) {
    String namespace = metadata.text("namespace", document.namespace());
    document.namespace(namespace);
    if (!namespace.matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")) {
      metadata.refuseValue("namespace", "it is not the name of a namespace");
    }
    metadata.refuse("generateName", "a drill needs a \"name\" of its own");
    for (String name :
        List.of(
            "finalizers",
            "ownerReferences",
            "managedFields",
            "uid",
            "resourceVersion",
            "generation",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "selfLink",
            "clusterName")) {
      metadata.refuse(name, "it is written by the cluster and asks for nothing; take it out");
    }
    Map<String, String> labels = metadata.textsByName("labels");
    if (!labels.isEmpty()) {
      document.note("Labels of the object, without meaning here: " + YamlText.flow(labels));
    }
    int times = annotations(document, metadata, kind);
    String written = metadata.text("name", "");
    String name = name(written);
    if (!name.equals(written) && metadata.has("name")) {
      document.note("The name was " + written + ".");
    }
    metadata.close();
    return new Metadata(name, times);
  }

  private static int annotations(Document document, Fields metadata, String kind) {
    Map<String, String> annotations = metadata.textsByName("annotations");
    Fields each = metadata.mapping("annotations");
    if (annotations.getOrDefault(PAUSE, "").equals("true")) {
      each.refuse(PAUSE, "a paused experiment does nothing; take it out to run it");
    }
    int times = DEFAULT_TIMES;
    if (annotations.containsKey(TIMES)) {
      if (!kind.equals("Schedule")) {
        each.refuse(TIMES, "it says how often a Schedule is carried out, and this is none");
      } else if (annotations.get(TIMES).matches("[1-9][0-9]{0,2}|1000")) {
        times = Integer.parseInt(annotations.get(TIMES));
      } else {
        each.refuseValue(TIMES, "it must be a number from 1 to 1000");
      }
    } else if (kind.equals("Schedule")) {
      document.note(
          "A Schedule has no end and a drill has one: it is carried out "
              + DEFAULT_TIMES
              + " times; the annotation "
              + TIMES
              + " says otherwise.");
    }
    annotations.remove(TIMES);
    if (!annotations.isEmpty()) {
      document.note(
          "Annotations of the object, without meaning here: " + YamlText.flow(annotations));
    }
    return times;
  }

  /** A name that a drill may have: no dots, at most 63 letters. */
  private static String name(String written) {
    String name =
        written.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    String shortened = name.substring(0, Math.min(LONGEST, name.length())).replaceAll("-$", "");
    return shortened.isEmpty() ? "chaos" : shortened;
  }
}
