package dev.muster.policy;

import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A range of addresses as it was written, known to be well formed. */
record Cidr(String text) {
  private static final String BYTE = "(?:0|[1-9]\\d{0,2})";
  private static final Pattern V4 =
      Pattern.compile("(%1$s)\\.(%1$s)\\.(%1$s)\\.(%1$s)/(\\d{1,2})".formatted(BYTE));
  private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:]*/\\d{1,3}");

  /**
   * Empty for everything that could be read in two ways, like {@code 010.0.0.0/8} or an IPv4
   * address in IPv6's clothes.
   */
  static Optional<Cidr> of(String text) {
    boolean v4 =
        V4.matcher(text)
            .results()
            .anyMatch(m -> m.group().equals(text) && bytes(m) && number(m, 5) <= 32);
    return v4 || V6.matcher(text).matches() ? Optional.of(new Cidr(text)) : Optional.empty();
  }

  private static boolean bytes(MatchResult m) {
    return number(m, 1) < 256 && number(m, 2) < 256 && number(m, 3) < 256 && number(m, 4) < 256;
  }

  private static int number(MatchResult m, int group) {
    return Integer.parseInt(m.group(group));
  }

  /**
   * The members that stand for it in a set of type hash:net, which cannot hold the range of all
   * addresses. None for IPv6: no pod of the lab has such an address.
   */
  List<String> members() {
    if (text.contains(":")) {
      return List.of();
    }
    return text.endsWith("/0") ? List.of("0.0.0.0/1", "128.0.0.0/1") : List.of(text);
  }
}
