package dev.muster.verdict;

import dev.muster.timeline.Event.SettingObserved;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The settings that the timeline saw, to put a name to the time they cost. */
final class Settings {
  private final List<SettingObserved> seen;

  Settings(History history) {
    seen =
        history.timeline().stream()
            .filter(SettingObserved.class::isInstance)
            .map(SettingObserved.class::cast)
            .toList();
  }

  List<SettingObserved> named(String name) {
    return seen.stream().filter(setting -> setting.name().equals(name)).toList();
  }

  /** The setting of the object that comes nearest to the pod: its own, its workload's, any. */
  Optional<SettingObserved> named(String name, String pod) {
    return named(name).stream()
        .max(Comparator.comparingInt((SettingObserved s) -> nearness(s.where(), pod)));
  }

  /** {@code tolerationSeconds 300 (Pod deepseek-worker)}. */
  static String text(SettingObserved setting) {
    return setting.name() + " " + setting.value() + " (" + object(setting.where()) + ")";
  }

  /** The last part of {@code Kind/namespace/name} or of {@code Kind name}. */
  static String lastPart(String object) {
    return object.substring(Math.max(object.lastIndexOf('/'), object.lastIndexOf(' ')) + 1);
  }

  private static String object(String where) {
    int slash = where.indexOf('/');
    return slash < 0 ? where : where.substring(0, slash) + " " + lastPart(where);
  }

  private static int nearness(String where, String pod) {
    var name = lastPart(where);
    return pod.equals(name) ? Integer.MAX_VALUE : pod.startsWith(name + "-") ? name.length() : 0;
  }
}
