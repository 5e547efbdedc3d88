package dev.muster.timeline;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What something is said of: a thing in the cluster with all that tells it from others. Two of them
 * are compared by {@link #is} and not by {@code equals}: a UID that one of them does not tell, as
 * old files do not, is no difference.
 *
 * <p>Text is for files and people only. {@link #text} and {@link #parse} are each other's inverse;
 * {@code toString} is what people call it: a node by its name alone, everything else by its path.
 */
public sealed interface ObjectRef {

  /** Whom a fault takes. */
  sealed interface Victim extends ObjectRef {

    /**
     * As {@link ObjectRef#parse}; a name alone is a node's, as old files wrote it.
     *
     * @throws IllegalArgumentException if it names nothing that a fault takes
     */
    static Victim parse(String text) {
      return switch (ObjectRef.parse(text)) {
        case Workload(String kind, _, _, _) when !Workload.VICTIMS.contains(kind) ->
            throw new IllegalArgumentException("no fault takes a " + kind + ": " + text);
        case Victim victim -> victim;
        case Component(String name) -> Node.parse(name);
        default -> throw new IllegalArgumentException("nothing that a fault takes: " + text);
      };
    }
  }

  record Node(String name, @Nullable String uid) implements Victim {
    /** Also of the name alone. */
    public static Node parse(String text) {
      return ObjectRef.parse(text) instanceof Node node
          ? node
          : (Node) ObjectRef.parse("node/" + text);
    }

    @Override
    public String path() {
      return "node/" + name;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * @param namespace empty where an old file does not tell it
   */
  record Pod(String namespace, String name, @Nullable String uid) implements Victim {
    /** Also of the name alone, as old files wrote it. */
    public static Pod parse(String text) {
      return ObjectRef.parse(text) instanceof Pod pod ? pod : (Pod) ObjectRef.parse("pod/" + text);
    }

    /** With a namespace, where the file did not tell one. */
    public Pod in(String where) {
      return namespace.isEmpty() ? new Pod(where, name, uid) : this;
    }

    @Override
    public String path() {
      return "pod/" + namespace + "/" + name;
    }

    @Override
    public String toString() {
      return path();
    }
  }

  /** What makes pods: a Deployment, a StatefulSet … */
  record Workload(String kind, String namespace, String name, @Nullable String uid)
      implements Victim {
    /** The kinds that a fault takes. */
    public static final Set<String> VICTIMS = Set.of("Deployment", "StatefulSet");

    @Override
    public String path() {
      return kind + "/" + namespace + "/" + name;
    }

    @Override
    public String toString() {
      return path();
    }
  }

  /** The endpoints of a Service, whatever slices hold them. */
  record EndpointSlice(String namespace, String service) implements ObjectRef {
    @Override
    public String name() {
      return service;
    }

    @Override
    public String path() {
      return "endpointslice/" + namespace + "/" + service;
    }

    @Override
    public String toString() {
      return path();
    }
  }

  /** What a load balancer sends to, by its own name for it. */
  record LoadBalancerBackend(String name) implements ObjectRef {
    @Override
    public String path() {
      return "load-balancer/" + name;
    }

    @Override
    public String toString() {
      return path();
    }
  }

  /** A request of the load, by its id in the ledger. */
  record Request(String id) implements ObjectRef {
    @Override
    public String name() {
      return id;
    }

    @Override
    public String path() {
      return "request/" + id;
    }

    @Override
    public String toString() {
      return path();
    }
  }

  /** A part of the cluster that is no object of its own: {@code kube-controller-manager}. */
  record Component(String name) implements ObjectRef {
    @Override
    public String path() {
      return name;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** Of all that tells it from others, the part that people call it by. */
  String name();

  /** Null where nobody told it, and for what has none. */
  default @Nullable String uid() {
    return null;
  }

  /** Whether both are the same thing, as far as both tell. */
  default boolean is(@Nullable ObjectRef other) {
    return switch (this) {
      case Node n -> other instanceof Node o && n.name.equals(o.name) && agree(n.uid, o.uid);
      case Pod p ->
          other instanceof Pod o
              && p.name.equals(o.name)
              && (p.namespace.isEmpty() || o.namespace.isEmpty() || p.namespace.equals(o.namespace))
              && agree(p.uid, o.uid);
      case Workload w ->
          other instanceof Workload o
              && w.kind.equals(o.kind)
              && w.namespace.equals(o.namespace)
              && w.name.equals(o.name)
              && agree(w.uid, o.uid);
      case EndpointSlice _, LoadBalancerBackend _, Request _, Component _ -> equals(other);
    };
  }

  private static boolean agree(@Nullable String uid, @Nullable String other) {
    return uid == null || other == null || uid.equals(other);
  }

  /**
   * With its kind and namespace, without its UID: {@code node/NAME}, {@code pod/NAMESPACE/NAME}.
   */
  String path();

  /**
   * All of it, for files: its {@link #path}, and behind a {@code #} its UID where that is known.
   */
  default String text() {
    return uid() == null ? path() : path() + "#" + uid();
  }

  /**
   * Reads what {@link #text} wrote, and the forms of old files: {@code Pod/NS/NAME}, {@code Pod
   * NAME}.
   */
  static ObjectRef parse(String text) {
    String kind = text.split("[/ ]", 2)[0];
    String rest = text.substring(Math.min(text.length(), kind.length() + 1));
    int slash = rest.indexOf('/');
    String namespace = slash < 0 ? "" : rest.substring(0, slash);
    String last = rest.substring(slash + 1);
    return switch (kind.toLowerCase(Locale.ROOT)) {
      case String _ when rest.isEmpty() -> new Component(text);
      case "node" -> new Node(name(last), uid(last));
      case "pod" -> new Pod(namespace, name(last), uid(last));
      case "endpointslice" -> new EndpointSlice(namespace, last);
      case "load-balancer" -> new LoadBalancerBackend(rest);
      case "request" -> new Request(rest);
      default -> new Workload(kind, namespace, name(last), uid(last));
    };
  }

  private static String name(String text) {
    int mark = text.indexOf('#');
    return mark < 0 ? text : text.substring(0, mark);
  }

  private static @Nullable String uid(String text) {
    int mark = text.indexOf('#');
    return mark < 0 ? null : text.substring(mark + 1);
  }
}
