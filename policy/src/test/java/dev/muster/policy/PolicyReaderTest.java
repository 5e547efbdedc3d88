package dev.muster.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyReaderTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "spec.color | {podSelector: {}, color: blue}",
        "spec.policyTypes[1] | {podSelector: {}, policyTypes: [Ingress, Sideways]}",
        "spec.podSelector.matchExpressions[0].operator"
            + " | {podSelector: {matchExpressions: [{key: a, operator: Gt, values: ['1']}]}}",
        "spec.ingress[0].ports[1].protocol"
            + " | {podSelector: {}, ingress: [{ports: [{port: 1}, {protocol: ICMP}]}]}",
        "spec.ingress[0].ports[0].endPort"
            + " | {podSelector: {}, ingress: [{ports: [{port: main, endPort: 9}]}]}",
        "spec.ingress[0].ports[0]"
            + " | {podSelector: {}, ingress: [{ports: [{port: 9, endPort: 8}]}]}",
        "spec.ingress[0].from[0]" + " | {podSelector: {}, ingress: [{from: [{}]}]}",
        "spec.ingress[0].from[0].serviceSelector"
            + " | {podSelector: {}, ingress: [{from: [{serviceSelector: {}}]}]}",
        "spec.egress[0].to[0]"
            + " | {podSelector: {}, egress: [{to: [{podSelector: {}, ipBlock: {cidr: 1.0.0.0/8}}]}]}",
        "spec.egress[0].to[0].ipBlock.cidr"
            + " | {podSelector: {}, egress: [{to: [{ipBlock: {cidr: 010.0.0.0/8}}]}]}",
        "spec.egress[0].to[0].ipBlock.except[0]"
            + " | {podSelector: {}, egress: [{to: [{ipBlock: {cidr: 1.0.0.0/8, except: [x]}}]}]}",
        "spec.egress[0].ports[0].port"
            + " | {podSelector: {}, egress: [{to: [{ipBlock: {cidr: 1.0.0.0/8}}], ports: [{port:"
            + " main}]}]}",
      })
  void whatIsNotUnderstoodIsNamedByItsField(String field, String spec) {
    assertThatThrownBy(() -> Town.policy(spec))
        .isInstanceOf(NotHonouredException.class)
        .hasMessageStartingWith(field + ": ");
  }

  @Test
  void whatIsNotUnderstoodIsRefusedAlsoInADirectionThatIsNotInForce() {
    assertThatThrownBy(() ->
            Town.policy(
                "{podSelector: {}, policyTypes: [Ingress], egress: [{ports: [{protocol: GRE}]}]}"))
        .hasMessageStartingWith("spec.egress[0].ports[0].protocol");
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.0/8", "0.0.0.0/0", "203.0.113.7/32", "::/0", "2001:db8::/32"})
  void plainRangesAreRead(String text) {
    assertThat(Cidr.of(text)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.0",
        "10.0.0.0/33",
        "10.0.0.256/8",
        "10.0.0/8",
        "::ffff:10.0.0.0/104",
        "a/8"
      })
  void othersAreNot(String text) {
    assertThat(Cidr.of(text)).isEmpty();
  }

  @Test
  void podsOfTheNodesNetworkWithoutAddressOrEndedAreNotSubject() {
    assertThat(pod("{nodeName: n, containers: []}", "{podIP: 10.244.1.2, phase: Running}"))
        .isTrue();
    assertThat(
            pod(
                "{nodeName: n, hostNetwork: true, containers: []}",
                "{podIP: 10.240.0.11, phase: Running}"))
        .isFalse();
    assertThat(pod("{nodeName: n, containers: []}", "{phase: Pending}")).isFalse();
    assertThat(pod("{nodeName: n, containers: []}", "{podIP: 10.244.1.2, phase: Succeeded}"))
        .isFalse();
  }

  private static boolean pod(String spec, String status) {
    String text =
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: d}\nspec: %s\nstatus: %s\n"
            .formatted(spec, status);
    return PodAt.of(Serialization.unmarshal(text, Pod.class)).isPresent();
  }
}
