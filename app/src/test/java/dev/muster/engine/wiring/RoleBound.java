package dev.muster.engine.wiring;

import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.http.Dispatcher;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An API server's authorizer in front of a mock: what no role permits is answered with 403, in the
 * words of a real one.
 */
final class RoleBound extends Dispatcher {
  /** What a request asks for, as RBAC sees it. */
  record Asked(
      String verb,
      String group,
      String resource,
      @Nullable String namespace,
      @Nullable String name) {
    @Override
    public String toString() {
      return verb
          + " "
          + resource
          + (group.isEmpty() ? "" : "." + group)
          + (name == null ? "" : " " + name)
          + (namespace == null ? "" : " in " + namespace);
    }
  }

  private record Rule(@Nullable String namespace, PolicyRule rule) {
    boolean permits(Asked asked) {
      return (namespace == null || namespace.equals(asked.namespace()))
          && rule.getApiGroups().contains(asked.group())
          && rule.getResources().contains(asked.resource())
          && rule.getVerbs().contains(asked.verb())
          && (rule.getResourceNames().isEmpty()
              || (asked.name() != null && rule.getResourceNames().contains(asked.name())));
    }
  }

  private final List<Rule> rules = new ArrayList<>();
  private final Dispatcher objects;
  private final Function<RecordedRequest, @Nullable String> answers;
  final Set<String> refused = new ConcurrentSkipListSet<>();
  final Set<String> granted = new ConcurrentSkipListSet<>();

  /** Verb and resource that are not permitted any more, though a review still says so. */
  final Set<String> withheld = new ConcurrentSkipListSet<>();

  /** Everybody may do everything. */
  volatile boolean open;

  /**
   * @param roles as {@code muster rbac} prints them
   * @param objects answers what is permitted, but for what {@code answers} has an answer to
   */
  RoleBound(String roles, Dispatcher objects, Function<RecordedRequest, @Nullable String> answers) {
    this.objects = objects;
    this.answers = answers;
    for (String document : roles.split("(?m)^---\n", -1)) {
      if (document.lines().anyMatch(l -> !l.startsWith("#") && !l.isBlank())) {
        Role role = Serialization.unmarshal(document, Role.class); // a ClusterRole's form is alike
        role.getRules().forEach(r -> rules.add(new Rule(role.getMetadata().getNamespace(), r)));
      }
    }
  }

  @Override
  public MockResponse dispatch(RecordedRequest request) {
    String path = Objects.requireNonNull(request.getPath()).replaceAll("\\?.*", "");
    if (path.endsWith("/selfsubjectaccessreviews")) {
      return json(201, review(request));
    }
    Asked asked = asked(request, path);
    if (asked != null && !open) {
      boolean permitted = permitted(asked);
      if (!permitted || withheld.contains(asked.verb() + " " + asked.resource())) {
        if (!permitted) {
          refused.add(asked.toString());
        }
        return json(403, forbidden(asked));
      }
      granted.add(asked.toString());
    }
    if (asked != null && asked.verb().equals("watch")) {
      // one word and over, as a watch whose time is up: the mock itself speaks web sockets only
      return json(
          200,
          "{\"type\": \"BOOKMARK\", \"object\": {\"metadata\": {\"resourceVersion\": \"1\"}}}\n");
    }
    String answer = answers.apply(request);
    return answer == null || open ? objects.dispatch(request) : json(200, answer);
  }

  private boolean permitted(Asked asked) {
    return rules.stream().anyMatch(r -> r.permits(asked));
  }

  private String review(RecordedRequest request) {
    JsonNode of = new JsonMapper().readTree(request.getUtf8Body()).at("/spec/resourceAttributes");
    String sub = of.path("subresource").asString("");
    Asked asked =
        new Asked(
            of.path("verb").asString(),
            of.path("group").asString(""),
            of.path("resource").asString() + (sub.isEmpty() ? "" : "/" + sub),
            of.path("namespace").asString(null),
            of.path("name").asString(null));
    boolean allowed = rules.stream().anyMatch(r -> r.permits(asked));
    return "{\"kind\": \"SelfSubjectAccessReview\", \"apiVersion\": \"authorization.k8s.io/v1\","
        + " \"status\": {\"allowed\": "
        + allowed
        + "}}";
  }

  /** Null for what is no object: discovery, health, version, which every user may see. */
  private static @Nullable Asked asked(RecordedRequest request, String path) {
    String[] steps = path.substring(1).split("/", -1);
    int at = steps[0].equals("api") ? 2 : 3;
    if (!(steps[0].equals("api") || steps[0].equals("apis")) || steps.length <= at) {
      return null;
    }
    String group = at == 2 ? "" : steps[1];
    String namespace = null;
    if (steps[at].equals("namespaces") && steps.length > at + 2) {
      namespace = steps[at + 1];
      at += 2;
    }
    String resource = steps[at];
    String name = steps.length > at + 1 ? steps[at + 1] : null;
    if (steps.length > at + 2) {
      resource += "/" + steps[at + 2];
    }
    return new Asked(verb(request, name), group, resource, namespace, name);
  }

  private static String verb(RecordedRequest request, @Nullable String name) {
    return switch (Objects.requireNonNull(request.getMethod())) {
      case "POST" -> "create";
      case "PUT" -> "update";
      case "PATCH" -> "patch";
      case "DELETE" -> name == null ? "deletecollection" : "delete";
      default ->
          name != null
              ? "get"
              : Objects.requireNonNull(request.getPath()).contains("watch=true") ? "watch" : "list";
    };
  }

  private static String forbidden(Asked asked) {
    return """
    {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "Forbidden", "code": 403,
     "message": "%s is forbidden: User \\"driller\\" cannot %s resource \\"%s\\" in API group \\"%s\\""}
    """
        .formatted(asked.resource(), asked.verb(), asked.resource(), asked.group());
  }

  private static MockResponse json(int code, String body) {
    return new MockResponse()
        .setResponseCode(code)
        .setHeader("Content-Type", "application/json")
        .setBody(body);
  }
}
