package dev.muster.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NodeRulesTest {

  @Test
  void withoutPoliciesEverythingConnects() {
    Town town = new Town();
    assertThat(town.tcp("desk", "web", 80)).isTrue();
    assertThat(town.tcp("web", Town.OUTSIDE, 443)).isTrue();
    assertThat(town.rules("node-1").chains().keySet()).containsExactly(RuleSet.ENTRY);
  }

  @Test
  void ingressIsDeniedByDefaultAndEgressIsNot() {
    Town town = new Town().with("{podSelector: {}, policyTypes: [Ingress]}");
    assertThat(town.tcp("cart", "web", 80)).as("same node").isFalse();
    assertThat(town.tcp("desk", "web", 80)).as("other node").isFalse();
    assertThat(town.tcp(Town.OUTSIDE, "web", 80)).as("from outside").isFalse();
    assertThat(town.tcp("web", Town.OUTSIDE, 443)).isTrue();
    assertThat(town.tcp("web", "desk", 80)).as("desk's namespace has no policy").isTrue();
  }

  @Test
  void egressIsDeniedByDefaultAndIngressIsNot() {
    Town town = new Town().with("{podSelector: {}, policyTypes: [Egress]}");
    assertThat(town.tcp("web", "cart", 80)).isFalse();
    assertThat(town.tcp("web", "desk", 80)).isFalse();
    assertThat(town.connects("web", Town.OUTSIDE, "udp", 53)).isFalse();
    assertThat(town.tcp("desk", "web", 80)).isTrue();
  }

  @Test
  void bothAreDenied() {
    Town town = new Town().with("{podSelector: {}, policyTypes: [Ingress, Egress]}");
    assertThat(town.tcp("web", "desk", 80)).isFalse();
    assertThat(town.tcp("desk", "web", 80)).isFalse();
    assertThat(town.tcp("desk", "clerk", 80)).as("the other namespace").isTrue();
  }

  @Test
  void anEmptyRuleAllowsAllThoughAnotherPolicyDenies() {
    Town town =
        new Town()
            .with("{podSelector: {}, policyTypes: [Ingress, Egress]}")
            .with("{podSelector: {}, ingress: [{}], policyTypes: [Ingress]}");
    assertThat(town.tcp("desk", "web", 80)).isTrue();
    assertThat(town.tcp("web", "desk", 80)).isFalse();
    town.with("{podSelector: {}, egress: [{}], policyTypes: [Egress]}");
    assertThat(town.tcp("web", "desk", 80)).isTrue();
  }

  @Test
  void onlySelectedPodsAreIsolated() {
    Town town = new Town().with("{podSelector: {matchLabels: {app: db}}}");
    assertThat(town.tcp("web", "db", 5432)).isFalse();
    assertThat(town.tcp("desk", "cart", 80)).isTrue();
  }

  @Test
  void withoutTypesAPolicyIsolatesForIngressAndForEgressOnlyIfItHasSuchRules() {
    Town ingress = new Town().with("{podSelector: {matchLabels: {app: web}}}");
    assertThat(ingress.tcp("web", "db", 1)).isTrue();
    assertThat(ingress.tcp("db", "web", 1)).isFalse();
    Town both =
        new Town()
            .with("{podSelector: {matchLabels: {app: web}}, egress: [{ports: [{port: 5432}]}]}");
    assertThat(both.tcp("web", "db", 5432)).isTrue();
    assertThat(both.tcp("web", "db", 1)).isFalse();
    assertThat(both.tcp("db", "web", 1)).isFalse();
  }

  @Test
  void rulesOfADirectionThatIsNotInForceCountNothing() {
    Town town =
        new Town()
            .with("{podSelector: {}, policyTypes: [Ingress], egress: [{ports: [{port: 5432}]}]}");
    assertThat(town.tcp("web", Town.OUTSIDE, 80)).isTrue();
  }

  @Test
  void aPodSelectorMeansPodsOfThePolicysNamespace() {
    Town town =
        new Town()
            .with(
                "{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector:"
                    + " {matchLabels: {app: web}}}]}]}");
    assertThat(town.tcp("web", "db", 5432)).isTrue();
    assertThat(town.tcp("cart", "db", 5432)).isFalse();
    assertThat(town.tcp("clerk", "db", 5432)).as("app web elsewhere").isFalse();
  }

  @Test
  void aNamespaceSelectorMeansAllPodsThere() {
    Town town =
        new Town()
            .with(
                "{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{namespaceSelector:"
                    + " {matchLabels: {kind: staff}}}]}]}");
    assertThat(town.tcp("desk", "db", 5432)).isTrue();
    assertThat(town.tcp("clerk", "db", 5432)).isTrue();
    assertThat(town.tcp("web", "db", 5432)).isFalse();
  }

  @Test
  void anEmptyNamespaceSelectorMeansAllPodsOfTheClusterButNothingOutside() {
    Town town =
        new Town()
            .with(
                "{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{namespaceSelector:"
                    + " {}}]}]}");
    assertThat(town.tcp("desk", "db", 5432)).isTrue();
    assertThat(town.tcp("web", "db", 5432)).isTrue();
    assertThat(town.tcp(Town.OUTSIDE, "db", 5432)).isFalse();
  }

  @Test
  void bothSelectorsInOnePeerMustHoldAndInTwoPeersEither() {
    Town one =
        new Town()
            .with(
                "{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{namespaceSelector:"
                    + " {matchLabels: {kind: staff}}, podSelector: {matchLabels: {app: web}}}]}]}");
    assertThat(one.tcp("clerk", "db", 5432)).isTrue();
    assertThat(one.tcp("desk", "db", 5432)).isFalse();
    assertThat(one.tcp("web", "db", 5432)).isFalse();
    Town two =
        new Town()
            .with(
                "{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{namespaceSelector:"
                    + " {matchLabels: {kind: staff}}}, {podSelector: {matchLabels: {app:"
                    + " web}}}]}]}");
    assertThat(two.tcp("clerk", "db", 5432)).isTrue();
    assertThat(two.tcp("desk", "db", 5432)).isTrue();
    assertThat(two.tcp("web", "db", 5432)).isTrue();
    assertThat(two.tcp("cart", "db", 5432)).isFalse();
  }

  @Test
  void expressionsSelectAsInKubernetes() {
    Town town =
        new Town()
            .with(
                "{podSelector: {matchExpressions: [{key: app, operator: In, values: [db, web]}]},"
                    + " ingress: [{from: [{namespaceSelector: {}, podSelector: {matchExpressions:"
                    + " [{key: tier, operator: NotIn, values: [back]}]}}]}]}");
    assertThat(town.tcp("desk", "db", 1)).as("has no tier at all").isTrue();
    assertThat(town.tcp("web", "db", 1)).isTrue();
    assertThat(town.tcp("db", "web", 1)).isFalse();
    assertThat(town.tcp("db", "cart", 1)).as("not selected").isTrue();
    Town exists =
        new Town()
            .with(
                "{podSelector: {matchExpressions: [{key: tier, operator: Exists}]}, ingress:"
                    + " [{from: [{namespaceSelector: {matchExpressions: [{key: kind, operator:"
                    + " DoesNotExist}]}}]}]}");
    assertThat(exists.tcp("desk", "db", 1)).isFalse();
  }

  @Test
  void aRangeWithoutItsException() {
    Town town =
        new Town()
            .with(
                "{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 203.0.113.0/24, except:"
                    + " [203.0.113.64/26]}}]}], policyTypes: [Egress]}");
    assertThat(town.tcp("web", Town.OUTSIDE, 443)).isTrue();
    assertThat(town.tcp("web", "203.0.113.65", 443)).isFalse();
    assertThat(town.tcp("web", "198.51.100.1", 443)).isFalse();
  }

  @Test
  void allAddressesAreARangeToo() {
    Town town =
        new Town()
            .with(
                "{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except:"
                    + " [10.0.0.0/8]}}, {ipBlock: {cidr: '::/0'}}]}], policyTypes: [Egress]}");
    assertThat(town.tcp("web", Town.OUTSIDE, 443)).isTrue();
    assertThat(town.tcp("web", "9.9.9.9", 443)).isTrue();
    assertThat(town.tcp("web", "db", 443)).isFalse();
  }

  @Test
  void aRangeOfIpv6AloneAllowsNothingRatherThanAll() {
    Town town =
        new Town().with("{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: '::/0'}}]}]}");
    assertThat(town.tcp("desk", "web", 80)).isFalse();
  }

  @Test
  void portsAndPeersOfARuleMustBothHoldAndRulesAddUp() {
    Town town =
        new Town()
            .with(
                "{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector:"
                    + " {matchLabels: {app: web}}}], ports: [{port: 5432}, {port: 53, protocol:"
                    + " UDP}]}, {ports: [{port: 9100}]}]}");
    assertThat(town.tcp("web", "db", 5432)).isTrue();
    assertThat(town.connects("web", "db", "udp", 53)).isTrue();
    assertThat(town.connects("web", "db", "udp", 5432)).as("TCP is the default").isFalse();
    assertThat(town.tcp("cart", "db", 5432)).isFalse();
    assertThat(town.tcp("cart", "db", 9100)).isTrue();
  }

  @Test
  void aRangeOfPortsHasBothEnds() {
    Town town =
        new Town().with("{podSelector: {}, ingress: [{ports: [{port: 32000, endPort: 32768}]}]}");
    assertThat(town.tcp("desk", "web", 31999)).isFalse();
    assertThat(town.tcp("desk", "web", 32000)).isTrue();
    assertThat(town.tcp("desk", "web", 32768)).isTrue();
    assertThat(town.tcp("desk", "web", 32769)).isFalse();
  }

  @Test
  void aProtocolWithoutPortMeansAllItsPorts() {
    Town town = new Town().with("{podSelector: {}, ingress: [{ports: [{protocol: SCTP}]}]}");
    assertThat(town.connects("desk", "web", "sctp", 7)).isTrue();
    assertThat(town.tcp("desk", "web", 7)).isFalse();
  }

  @Test
  void aNamedPortOfIngressIsThatOfTheSelectedPod() {
    Town town = new Town().with("{podSelector: {}, ingress: [{ports: [{port: main}]}]}");
    assertThat(town.tcp("desk", "web", 8080)).isTrue();
    assertThat(town.tcp("desk", "db", 5432)).isTrue();
    assertThat(town.tcp("desk", "db", 8080)).isFalse();
    Town other = new Town().with("{podSelector: {}, ingress: [{ports: [{port: dns}]}]}");
    assertThat(other.tcp("desk", "web", 53)).as("dns is UDP").isFalse();
  }

  @Test
  void aNamedPortOfEgressIsThatOfThePodReached() {
    Town town =
        new Town()
            .with(
                "{podSelector: {matchLabels: {app: web}}, egress: [{to: [{podSelector: {}}],"
                    + " ports: [{port: main}]}], policyTypes: [Egress]}");
    assertThat(town.tcp("web", "db", 5432)).isTrue();
    assertThat(town.tcp("web", "cart", 9090)).isTrue();
    assertThat(town.tcp("web", "cart", 5432)).isFalse();
    assertThat(town.tcp("web", "desk", 8080)).as("another namespace").isFalse();
    Town anybody =
        new Town()
            .with(
                "{podSelector: {matchLabels: {app: web}}, egress: [{ports: [{port: main}]}],"
                    + " policyTypes: [Egress]}");
    assertThat(anybody.tcp("web", "desk", 8080)).isTrue();
    assertThat(anybody.tcp("web", Town.OUTSIDE, 8080)).isFalse();
  }

  @Test
  void senderAndReceiverMustBothAllow() {
    Town town =
        new Town()
            .with("{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {}}]}]}")
            .with(
                "{podSelector: {matchLabels: {app: web}}, egress: [{ports: [{port: 1}]}],"
                    + " policyTypes: [Egress]}");
    assertThat(town.tcp("web", "db", 5432)).isFalse();
    assertThat(town.tcp("web", "db", 1)).isTrue();
  }

  @Test
  void aPodReachesItselfWhateverIsDenied() {
    Town town = new Town().with("{podSelector: {}, policyTypes: [Ingress, Egress]}");
    assertThat(town.tcp("web", "web", 80)).isTrue();
  }

  @Test
  void aNodeHasRulesForItsOwnPodsOnly() {
    Town town = new Town().with("{podSelector: {matchLabels: {app: db}}}");
    assertThat(town.rules("node-1").chains()).hasSize(1);
    assertThat(town.rules("node-2").chains()).hasSize(2);
  }

  @Test
  void theOrderOfWhatIsWatchedDoesNotMatter() {
    Town town =
        new Town()
            .with("{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}")
            .with("{podSelector: {matchLabels: {app: db}}, egress: [{ports: [{port: main}]}]}");
    long seed = System.nanoTime();
    List<PodAt> pods = new ArrayList<>(Town.pods());
    Collections.shuffle(pods, new Random(seed));
    assertThat(NodeRules.of(town.policies(), Town.namespaces(), pods, "node-2"))
        .as("seed %d", seed)
        .isEqualTo(town.rules("node-2"));
  }

  @Test
  void namesFitIntoTheKernel() {
    RuleSet rules =
        new Town()
            .with("{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}")
            .rules("node-1");
    assertThat(rules.chains().keySet())
        .allSatisfy(c -> assertThat(c).startsWith("MUSTER-NP-").hasSizeLessThan(29));
    assertThat(rules.sets().keySet())
        .allSatisfy(s -> assertThat(s + "-t").startsWith("MUSTER-NP-").hasSizeLessThan(32));
  }

  @Test
  void chainsOfBeforeAreRemovedInTheSameTransaction() {
    RuleSet rules = new Town().rules("node-1");
    String text = rules.forIptables(Set.of(RuleSet.ENTRY, "MUSTER-NP-I-old"), true);
    assertThat(text.lines())
        .containsExactly(
            "*mangle",
            ":MUSTER-NP-FORWARD - [0:0]",
            ":MUSTER-NP-I-old - [0:0]",
            "-A MUSTER-NP-FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j RETURN",
            "-X MUSTER-NP-I-old",
            "COMMIT");
    assertThat(rules.forIptables(Set.of(), false)).contains("-I FORWARD -j MUSTER-NP-FORWARD\n");
  }
}
