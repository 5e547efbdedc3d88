package dev.muster.e2e;

/** What happens to a run from outside: to the processes of its lab, or to itself. */
enum Interference {
  AGENT_KILLED_BEFORE_ARMING,
  AGENT_KILLED_WHILE_ARMING,
  AGENT_KILLED_WHILE_HELD,
  UNDO_AND_AGENT_KILLED,
  FAULT_TAKEN_AWAY,
  OTHER_NODE_LOST,
  API_SERVER_STOPPED_8_S,
  API_SERVER_STOPPED_60_S,
  MUSTER_STOPPED_60_S
}
