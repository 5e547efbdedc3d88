package dev.muster.chaosmesh;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Something repeated: a number of times, or as often as there is time. */
final class Schedule {
  private static final String EVERY = "@every ";
  private static final int MOST = 1000;
  private static final Duration LONGEST = Duration.ofHours(1000);

  private Schedule() {}

  /** A Schedule of its own. */
  static Part times(Document document, Fields spec, int times) {
    Duration tick = tick(document, spec);
    if (spec.text("type", "").equals("Workflow")) {
      spec.lacks("workflow", "what is repeated");
      Part workflow = new Workflow(document, spec.mapping("workflow")).part(false);
      Duration every = every(spec, tick, workflow.lasting(), new ArrayList<>());
      if ((long) workflow.size() * times > MOST) {
        spec.refuseValue(
            "workflow",
            times + " times its steps are more than " + MOST + "; lower " + Metadata.TIMES);
      }
      tooLong(spec, tick.plus(every.multipliedBy(times)), times);
      spec.close();
      return repeated(workflow, tick, every, times);
    }
    List<String> notes = new ArrayList<>();
    Chaos chaos = chaos(document, spec);
    Duration active = active(chaos);
    Duration every = every(spec, tick, active, notes);
    tooLong(spec, tick.plus(every.multipliedBy(times - 1L)).plus(active), times);
    spec.close();
    return new Chaos(chaos.faults(), join(notes, chaos.notes()), chaos.duration(), chaos.kill())
        .at(tick, every, times, active);
  }

  private static void tooLong(Fields spec, Duration whole, int times) {
    if (whole.compareTo(LONGEST) > 0) {
      spec.refuseValue(
          "schedule",
          "%d times of it take %d h, and a drill takes 1000 at most; lower %s"
              .formatted(times, whole.toHours(), Metadata.TIMES));
    }
  }

  /** A Schedule in a workflow's template, which its deadline ends. */
  static Part within(Document document, Fields spec, Duration whole) {
    Duration tick = tick(document, spec);
    List<String> notes = new ArrayList<>();
    Chaos own = chaos(document, spec);
    Duration active = active(own);
    Duration every = every(spec, tick, active, notes);
    spec.close();
    Chaos chaos = new Chaos(own.faults(), join(notes, own.notes()), own.duration(), own.kill());
    if (tick.compareTo(whole) >= 0) {
      spec.refuseValue("schedule", "it never begins: the deadline comes before its first time");
      return new Part.Hold(whole, "");
    }
    long times = (whole.minus(tick).toMillis() - 1) / every.toMillis() + 1;
    if (times > MOST) {
      spec.refuseValue("schedule", times + " times until the deadline are more than " + MOST);
      return new Part.Hold(whole, "");
    }
    return until(chaos, tick, every, (int) times, active, whole);
  }

  /** The last one may be cut off by the end. */
  private static Part until(
      Chaos chaos, Duration tick, Duration every, int times, Duration active, Duration whole) {
    Duration last = tick.plus(every.multipliedBy(times - 1L));
    boolean cut = last.plus(active).compareTo(whole) > 0;
    List<Part> parts = new ArrayList<>();
    if (!cut) {
      parts.add(chaos.at(tick, every, times, active));
      hold(parts, whole.minus(last).minus(active), "Until the deadline.");
    } else if (times == 1) {
      parts.add(chaos.at(tick, Duration.ZERO, 1, whole.minus(last)));
    } else {
      parts.add(chaos.at(tick, every, times - 1, active));
      hold(parts, every.minus(active), "Until the next time.");
      parts.add(chaos.at(Duration.ZERO, Duration.ZERO, 1, whole.minus(last)));
    }
    return Part.serial(parts);
  }

  private static Part repeated(Part workflow, Duration tick, Duration every, int times) {
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      hold(
          parts,
          i == 0 ? tick : every.minus(workflow.lasting()),
          "Until time " + (i + 1) + " of " + times + ".");
      parts.add(workflow);
    }
    return new Part.Serial(parts, List.of());
  }

  private static void hold(List<Part> parts, Duration lasting, String note) {
    if (lasting.isPositive()) {
      parts.add(new Part.Hold(lasting, note));
    }
  }

  private static Duration tick(Document document, Fields spec) {
    if (spec.number("historyLimit") != null) {
      document.note("historyLimit: Muster keeps the folder of every run.");
    }
    if (spec.number("startingDeadlineSeconds") != null) {
      document.note("startingDeadlineSeconds: nothing of a drill begins late.");
    }
    String text = spec.text("schedule", "");
    if (!text.startsWith(EVERY)) {
      spec.refuseValue(
          "schedule",
          "a drill begins when it is started, so only the form \"@every 5m\" is taken; for times of"
              + " the day let cron start `muster run`");
      return Chaos.REFUSED;
    }
    return switch (GoDuration.parse(text.substring(EVERY.length()).strip())) {
      case GoDuration.Read(Duration tick) when tick.isPositive() && tick.toMillisPart() == 0 ->
          tick;
      case GoDuration.Read _ -> {
        spec.refuseValue("schedule", "it goes by whole seconds, at least one");
        yield Chaos.REFUSED;
      }
      case GoDuration.Unreadable(String why) -> {
        spec.refuseValue("schedule", why);
        yield Chaos.REFUSED;
      }
    };
  }

  /** From one beginning to the next: ticks that fall into one that still goes on are left out. */
  private static Duration every(Fields spec, Duration tick, Duration active, List<String> notes) {
    boolean forbid = spec.text("concurrencyPolicy", "Forbid").equals("Forbid");
    if (active.compareTo(tick) <= 0) {
      return tick; // nothing overlaps, whatever the policy is
    }
    if (!forbid) {
      spec.refuseValue(
          "concurrencyPolicy",
          "one would begin before the last has ended, which Muster does not do; use Forbid");
    }
    Duration every = tick.multipliedBy((active.toMillis() + tick.toMillis() - 1) / tick.toMillis());
    notes.add(
        "concurrencyPolicy Forbid: what falls into one that goes on is left out, so one begins"
            + " every "
            + GoDuration.drill(every)
            + ".");
    return every;
  }

  private static Chaos chaos(Document document, Fields spec) {
    String type = spec.text("type", "");
    if (!Chaos.KINDS.contains(type)) {
      spec.refuseValue(
          "type",
          type.equals("Workflow")
              ? "a workflow in a workflow's schedule is nothing that Chaos Mesh knows"
              : OtherKinds.why(type, spec.actionOf(type)));
      return new Chaos(List.of(), List.of(), null, true);
    }
    String field = Chaos.field(type);
    spec.lacks(field, "what is repeated");
    Fields fields = spec.mapping(field);
    Chaos chaos = Chaos.read(document, type, fields);
    if (!chaos.kill()) {
      Chaos.lacksDuration(fields);
    } else if (chaos.duration() != null) {
      document.note("The kill is done in a moment, whatever its duration is.");
    }
    return chaos;
  }

  private static Duration active(Chaos chaos) {
    Duration own = chaos.duration();
    return chaos.kill() ? Duration.ZERO : own == null ? Chaos.REFUSED : own;
  }

  private static List<String> join(List<String> one, List<String> other) {
    List<String> all = new ArrayList<>(one);
    all.addAll(other);
    return List.copyOf(all);
  }
}
