package dev.muster.drill.file;

import dev.muster.source.Addresses;
import dev.muster.source.SourceSchema;
import dev.muster.source.SourceTree;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Addresses at which nothing could be asked, whoever is there. */
final class AddressRules {
  private static final int LAST_PORT = 65_535;

  private static final String PORT =
      "0*([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])";

  private final SourceTree tree;
  private final BiConsumer<String, String> refuse;

  /**
   * @param refuse takes a pointer and what is wrong there
   */
  AddressRules(SourceTree tree, BiConsumer<String, String> refuse) {
    this.tree = tree;
    this.refuse = refuse;
  }

  void check() {
    var endpoint = tree.root().at("/target/endpoint").asString("");
    if (!endpoint.equals("ingress")) {
      address("/target/endpoint", true);
      if (endpoint.replaceAll("[?#].*", "").matches("\\S+/chat/completions/?")) {
        refuse.accept(
            "/target/endpoint", "target.endpoint: /chat/completions is put behind it: take it out");
      }
    }
    var inCluster = tree.root().at("/load/inCluster");
    if (inCluster.has("endpoint")) {
      address("/load/inCluster/endpoint", true);
    } else if (inCluster.isObject() && (endpoint.isEmpty() || endpoint.equals("ingress"))) {
      refuse.accept(
          "/load/inCluster",
          "pods do not reach a lab's ingress from inside: give the URL of a service as"
              + " \"endpoint\", such as http://deepseek-api.deepseek:8080");
    }
    for (var watcher : tree.root().path("observe").propertyNames()) {
      address("/observe/" + watcher, false);
    }
    for (int i = 0; i < tree.root().path("abortWhen").size(); i++) {
      address("/abortWhen/" + i + "/url", true);
    }
  }

  /**
   * @param query whether one may stand at the end of a URL
   */
  private void address(String pointer, boolean query) {
    var text = tree.root().at(pointer).asString("");
    if (text.startsWith("service/")) {
      var port = text.substring(text.lastIndexOf(':') + 1);
      if (port.matches("[0-9]+") && !port.matches(PORT)) {
        refuse.accept(pointer, "port " + port + " is none: ports go from 1 to " + LAST_PORT);
      }
    } else if (text.matches("https?://\\S+")) { // else the schema has complained
      Addresses.flaw(text)
          .or(() ->
              query || text.indexOf('?') < 0
                  ? Optional.empty()
                  : Optional.of("paths are put behind it: take out what follows ?"))
          .ifPresent(flaw -> refuse.accept(pointer, SourceSchema.words(pointer) + ": " + flaw));
    }
  }
}
