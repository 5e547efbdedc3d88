package dev.muster.observe.served;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A line of anybody's log that tells of one request of this run. Its format does not matter: the id
 * is unique, and of all the addresses in it only those of the target's pods will mean anybody.
 *
 * @param addresses without ports, in the order of the line
 */
record AccessLine(String id, List<String> addresses) {
  private static final Pattern ADDRESS = Pattern.compile("[0-9A-Fa-f.:\\[\\]]{7,60}");
  private static final Pattern IPV4 = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,3}){3})(?::\\d+)?");

  /** In brackets where a port may follow. A time of the day has colons too, but neither form. */
  private static final Pattern IPV6 =
      Pattern.compile(
          "\\[([0-9A-Fa-f:.]+)](?::\\d+)?"
              + "|([0-9A-Fa-f:]*::[0-9A-Fa-f:.]*|(?:[0-9A-Fa-f]+:){7}[0-9A-Fa-f]+)");

  /** How ids look of the requests of a run whose id is this. */
  static Pattern ids(String run) {
    return Pattern.compile(Pattern.quote(run) + "(?:-[a-z]+\\d*)?-\\d+(?:\\.r\\d{1,3})?");
  }

  /** Empty where the line tells of no such request. */
  static Optional<AccessLine> of(String line, Pattern ids) {
    var id = ids.matcher(line);
    if (!id.find()) {
      return Optional.empty();
    }
    var addresses = new ArrayList<String>();
    var found = ADDRESS.matcher(line);
    while (found.find()) {
      address(found.group()).filter(a -> !addresses.contains(a)).ifPresent(addresses::add);
    }
    return Optional.of(new AccessLine(id.group(), List.copyOf(addresses)));
  }

  private static Optional<String> address(String text) {
    var four = IPV4.matcher(text);
    if (four.matches()) {
      return Optional.of(four.group(1));
    }
    var six = IPV6.matcher(text);
    return six.matches()
        ? Optional.of(six.group(1) == null ? six.group(2) : six.group(1))
        : Optional.empty();
  }
}
