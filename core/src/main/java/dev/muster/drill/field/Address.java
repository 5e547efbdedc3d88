package dev.muster.drill.field;

import dev.muster.source.Addresses;
import java.util.Optional;

/** Addresses at which nothing could be asked, whoever is there. */
public final class Address {
  private static final int LAST_PORT = 65_535;

  private static final String PORT =
      "0*([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])";

  private Address() {}

  /** A URL at whose end a query may stand. */
  public static void url(FaultYaml yaml, String field) {
    check(yaml, field, true);
  }

  /** A URL, or {@code service/NAMESPACE/NAME:PORT}, behind which paths are put. */
  public static void base(FaultYaml yaml, String field) {
    check(yaml, field, false);
  }

  private static void check(FaultYaml yaml, String field, boolean query) {
    String text = yaml.text(field, "");
    if (text.startsWith("service/")) {
      String port = text.substring(text.lastIndexOf(':') + 1);
      if (port.matches("[0-9]+") && !port.matches(PORT)) {
        yaml.refuse(field, "port " + port + " is none: ports go from 1 to " + LAST_PORT);
      }
    } else if (text.matches("https?://\\S+")) { // else the schema has complained
      Addresses.flaw(text)
          .or(() ->
              query || text.indexOf('?') < 0
                  ? Optional.empty()
                  : Optional.of("paths are put behind it: take out what follows ?"))
          .ifPresent(flaw -> yaml.refuse(field, yaml.words(field) + ": " + flaw));
    }
  }
}
