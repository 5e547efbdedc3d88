package dev.muster.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.muster.drill.file.DrillException;
import dev.muster.drill.file.DrillFile;
import dev.muster.source.Problem;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class InClusterTest {
  private static String drill(String endpoint, String load) {
    return """
    apiVersion: muster.dev/v1
    kind: Drill
    metadata: {name: d}
    target: {namespace: n, endpoint: "%s"}
    load: {arrivals: {constant: 1/s}, %s}
    faults: [{kind: PodKill}]
    expect: {residue: none}
    """
        .formatted(endpoint, load);
  }

  private static Drill.InCluster of(String endpoint, String load) {
    var drill = DrillFile.parse(drill(endpoint, load), "d.yaml");
    return Objects.requireNonNull(Objects.requireNonNull(drill.load()).inCluster());
  }

  private static List<String> problems(String endpoint, String load) {
    return catchThrowableOfType(
            DrillException.class, () -> DrillFile.parse(drill(endpoint, load), "d.yaml"))
        .problems()
        .stream()
        .map(Problem::toString)
        .toList();
  }

  @Test
  void podsAndTheirWayToTheServiceAreRead() {
    assertThat(of("http://llm.example.com", "inCluster: {pods: 8}"))
        .isEqualTo(new Drill.InCluster(8, null));
    assertThat(of("ingress", "inCluster: {pods: 3, endpoint: 'http://api.n:8080/v1'}"))
        .isEqualTo(new Drill.InCluster(3, "http://api.n:8080/v1"));
  }

  @Test
  void podsThatWouldNotReachTheServiceAreRefused() {
    assertThat(problems("ingress", "inCluster: {pods: 3}"))
        .singleElement()
        .asString()
        .startsWith("d.yaml:5:")
        .contains("give the URL of a service as \"endpoint\"");
  }

  @Test
  void whatCanNotBeIsRefusedAtItsPlace() {
    assertThat(problems("http://a", "inCluster: {pods: 3}, retries: 2"))
        .singleElement()
        .asString()
        .contains("users ask again only of Muster itself");
    assertThat(problems("http://a", "inCluster: {pods: 0}"))
        .singleElement()
        .asString()
        .contains("pods");
    assertThat(problems("http://a", "inCluster: {pods: 101}")).hasSize(1);
    assertThat(problems("http://a", "inCluster: {}")).hasSize(1);
    assertThat(problems("http://a", "inCluster: {pods: 2, endpoint: ingress}")).hasSize(1);
    assertThat(problems("http://a", "inCluster: {pods: 2, endpoint: 'http://a b'}")).hasSize(1);
    assertThat(problems("http://a", "inCluster: {pods: 2, endpoint: 'http://a:99999'}")).hasSize(1);
  }

  @Test
  void tlsIsForTheEndpointThatIsAsked() {
    var tls = "request: {tls: {ca: a.pem}}";
    assertThat(problems("https://a", "inCluster: {pods: 2, endpoint: 'http://b'}, " + tls))
        .singleElement()
        .asString()
        .contains("tls is for an https endpoint, and load.inCluster.endpoint is none");
    assertThat(of("http://a", "inCluster: {pods: 2, endpoint: 'https://b'}, " + tls).pods())
        .isEqualTo(2);
  }
}
