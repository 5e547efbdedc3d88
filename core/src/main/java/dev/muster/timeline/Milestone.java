package dev.muster.timeline;

/**
 * The events that end a phase of recovery, in the order in which Kubernetes normally reaches them.
 * The object of a milestone is a node, a pod, the endpoints of a Service, what a load balancer
 * sends to, or a request.
 */
public enum Milestone {
  POWER_OFF,
  /** The last renewal of the node's lease that was seen; {@code sourceTime} is its renewTime. */
  LAST_LEASE,
  /** The node's kubelet says that memory is short. */
  MEMORY_PRESSURE,
  MEMORY_PRESSURE_GONE,
  /** The node's kubelet says that its disk is full. */
  DISK_PRESSURE,
  DISK_PRESSURE_GONE,
  /** The kernel ended a container for want of memory. */
  OOM_KILLED,
  /** A container of a target pod ended; its pod lives on. */
  CONTAINER_ENDED,
  CONTAINER_RESTARTED,
  /** The load balancer stopped sending to the victim's ingress. */
  LOAD_BALANCER_REMOVED,
  NODE_NOT_READY,
  TAINT_NO_SCHEDULE,
  TAINT_NO_EXECUTE,
  /** A target pod on the victim got Ready=False. */
  POD_NOT_READY,
  /** A target pod on the victim is no longer a ready endpoint of its Service. */
  ENDPOINT_REMOVED,
  /** A target pod on the victim got its deletionTimestamp. */
  POD_EVICTED,
  REPLACEMENT_CREATED,
  REPLACEMENT_SCHEDULED,
  /** The replacement's container runs. */
  REPLACEMENT_STARTED,
  /** The replacement says that its model is loaded. */
  MODEL_LOADED,
  REPLACEMENT_READY,
  ENDPOINT_ADDED,
  /** The first answer token that a client received from the replacement. */
  FIRST_GOOD_TOKEN,
  POWER_ON,
  NODE_READY,
  LOAD_BALANCER_ADDED,
  /** A target pod that was not ready is ready again, the same pod. */
  POD_READY_AGAIN,
  /** The victim's terminating pods are gone. */
  LEFTOVERS_GONE
}
