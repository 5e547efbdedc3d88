package dev.muster.drill.file;

import dev.muster.drill.field.Address;
import dev.muster.drill.field.FaultYaml;
import dev.muster.source.Problem;
import dev.muster.source.SourceTree;
import java.util.function.Consumer;

/** Addresses to which no request could go. */
final class AddressRules {
  private final SourceTree tree;
  private final FaultYaml target;
  private final FaultYaml load;

  AddressRules(SourceTree tree, Consumer<Problem> problems) {
    this.tree = tree;
    target = new FaultYaml(tree, "/target", problems);
    load = new FaultYaml(tree, "/load", problems);
  }

  void check() {
    var endpoint = target.text("endpoint", "");
    if (!endpoint.equals("ingress")) {
      Address.url(target, "endpoint");
      if (endpoint.replaceAll("[?#].*", "").matches("\\S+/chat/completions/?")) {
        target.refuse(
            "endpoint", "target.endpoint: /chat/completions is put behind it: take it out");
      }
    }
    var inCluster = tree.root().at("/load/inCluster");
    if (inCluster.has("endpoint")) {
      Address.url(load.in("inCluster"), "endpoint");
    } else if (inCluster.isObject() && (endpoint.isEmpty() || endpoint.equals("ingress"))) {
      load.refuse(
          "inCluster",
          "pods do not reach a lab's ingress from inside: give the URL of a service as"
              + " \"endpoint\", such as http://deepseek-api.deepseek:8080");
    }
  }
}
