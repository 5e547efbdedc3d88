package dev.muster.chaosmesh;

import dev.muster.source.NearestName;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Templates, from the entry on. Deadlines are kept by arithmetic: what Chaos Mesh would cut off is
 * shorter in the drill, what it would not reach is not in it.
 */
final class Workflow {
  private static final int DEEPEST = 12;
  private static final int MOST = 1000;

  private final Document document;
  private final Fields spec;
  private final Map<String, Fields> templates = new LinkedHashMap<>();
  private final Deque<String> path = new ArrayDeque<>();
  private final Set<String> reached = new HashSet<>();
  private int steps;
  private boolean mayAbort;
  private boolean parallelEntry;

  Workflow(Document document, Fields spec) {
    this.document = document;
    this.spec = spec;
  }

  /**
   * @param mayAbort it is the whole drill, so that what aborts it may abort the drill
   */
  Part part(boolean mayAbort) {
    this.mayAbort = mayAbort;
    for (Fields template : spec.mappings("templates")) {
      String name = template.text("name", "");
      if (templates.putIfAbsent(name, template) != null) {
        template.refuseValue("name", "another template is called " + name);
      }
    }
    String entry = spec.text("entry", "");
    Part part = new Part.Hold(Chaos.REFUSED, "");
    Fields first = templates.get(entry);
    if (first != null) {
      parallelEntry = first.text("templateType", "").equals("Parallel");
      part = template(entry, null);
    } else {
      spec.refuseValue("entry", "no template is called " + entry + meant(entry));
    }
    templates.keySet().stream()
        .filter(name -> !reached.contains(name))
        .forEach(name -> document.note("Template " + name + " is never reached, and not in here."));
    spec.close();
    return part;
  }

  private Part template(String name, @Nullable Duration limit) {
    Fields template = templates.get(name);
    if (template == null) {
      throw new IllegalArgumentException("no template " + name);
    }
    reached.add(name);
    path.addLast(name);
    template.take("name");
    Duration whole = least(template.duration("deadline"), limit);
    String type = template.text("templateType", "");
    Part part =
        switch (type) {
          case "Serial" -> serial(template, whole);
          case "Parallel" -> parallel(template, whole);
          case "Suspend" -> suspend(template, whole);
          case "StatusCheck" -> StatusCheck.read(document, template, whole, throughout());
          case "Schedule" -> schedule(template, whole);
          case "PodChaos", "NetworkChaos", "StressChaos" -> chaos(template, type, whole);
          default -> refused(template, type);
        };
    template.close();
    path.removeLast();
    return part;
  }

  private Part serial(Fields template, @Nullable Duration whole) {
    List<Part> parts = new ArrayList<>();
    List<String> notes = new ArrayList<>(List.of(here()));
    List<String> children = children(template);
    Duration rest = whole;
    for (int i = 0; i < children.size(); i++) {
      if (rest != null && rest.isZero()) {
        List<String> late = children.subList(i, children.size());
        notes.add("Not reached before the deadline: " + String.join(", ", late) + ".");
        reached.addAll(late);
        break;
      }
      Part part = child(template, i, children.get(i), rest);
      parts.addAll(
          part instanceof Part.Serial(var inner, var said) && said.isEmpty()
              ? inner
              : List.of(part));
      rest = rest == null ? null : rest.minus(part.lasting());
    }
    return new Part.Serial(parts, notes);
  }

  private Part parallel(Fields template, @Nullable Duration whole) {
    List<Part> parts = new ArrayList<>();
    List<String> children = children(template);
    for (int i = 0; i < children.size(); i++) {
      parts.add(child(template, i, children.get(i), whole));
    }
    return new Part.Parallel(parts, List.of(here()));
  }

  private static List<String> children(Fields template) {
    List<String> children = template.texts("children");
    if (children.isEmpty()) {
      template.lacks("children", "what is done");
    }
    return children;
  }

  private Part child(Fields template, int index, String name, @Nullable Duration limit) {
    String wrong =
        !templates.containsKey(name)
            ? "no template is called " + name + meant(name)
            : path.contains(name)
                ? "template " + name + " is in itself: " + String.join(" → ", path) + " → " + name
                : path.size() >= DEEPEST
                    ? "templates in templates, deeper than " + DEEPEST
                    : ++steps > MOST ? "more than " + MOST + " steps" : "";
    if (wrong.isEmpty()) {
      return template(name, limit);
    }
    template.refuseEntry("children", index, wrong);
    return new Part.Hold(limit == null ? Chaos.REFUSED : limit, "");
  }

  private static Part suspend(Fields template, @Nullable Duration whole) {
    template.lacks("deadline", "without it Chaos Mesh waits for ever");
    return new Part.Hold(whole == null ? Chaos.REFUSED : whole, "Suspend");
  }

  private Part schedule(Fields template, @Nullable Duration whole) {
    template.lacks("schedule", "what is repeated");
    if (whole == null) {
      template.lacks("deadline", "without it Chaos Mesh repeats it for ever");
    }
    return Schedule.within(
        document, template.mapping("schedule"), whole == null ? Chaos.REFUSED : whole);
  }

  private Part chaos(Fields template, String type, @Nullable Duration whole) {
    String field = Chaos.field(type);
    template.lacks(field, "what is done");
    Chaos chaos = Chaos.read(document, type, template.mapping(field));
    Duration own = chaos.duration();
    if (whole == null && (own == null || chaos.kill())) {
      template.lacks("deadline", "Chaos Mesh goes on from here when it is over, and not before");
    }
    return chaos.once(whole != null ? whole : own != null ? own : Chaos.REFUSED);
  }

  private static Part refused(Fields template, String type) {
    template.refuseValue(
        "templateType",
        type.equals("Task")
            ? "a Task runs a container of yours, which a drill does not"
            : OtherKinds.why(type, template.actionOf(type)));
    template.refuse("task", "a drill runs no containers of yours");
    template.refuse(
        "conditionalBranches", "a drill chooses nothing on its way; write one for each branch");
    return new Part.Hold(Chaos.REFUSED, "");
  }

  /** It begins with the workflow and can go on until its end. */
  private boolean throughout() {
    return mayAbort && (path.size() == 1 || (path.size() == 2 && parallelEntry));
  }

  private String here() {
    return "Template " + path.getLast();
  }

  private String meant(String name) {
    return NearestName.to(name, templates.keySet())
        .map(near -> "; did you mean " + near + "?")
        .orElse("");
  }

  private static @Nullable Duration least(@Nullable Duration one, @Nullable Duration other) {
    return one == null || (other != null && other.compareTo(one) < 0) ? other : one;
  }
}
