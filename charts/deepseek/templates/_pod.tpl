{{/* Where pods may run. Arguments: root, component;
     beside: name of the pod that they are to be near */}}
{{- define "deepseek.placement" -}}
{{- $values := .root.Values -}}
{{- with $values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- $apart := and (eq .component "etcd") }}
{{- if or $values.avoidOps $apart .beside }}
affinity:
  {{- if $values.avoidOps }}
  nodeAffinity:
    requiredDuringSchedulingIgnoredDuringExecution:
      nodeSelectorTerms:
        - matchExpressions:
            - {key: muster.dev/role, operator: NotIn, values: [ops]}
  {{- end }}
  {{- with .beside }}
  podAffinity:
    preferredDuringSchedulingIgnoredDuringExecution:
      - weight: 100
        podAffinityTerm:
          topologyKey: {{ $values.worker.groupTopologyKey }}
          labelSelector:
            matchLabels:
              statefulset.kubernetes.io/pod-name: {{ . }}
  {{- end }}
  {{- if $apart }}
  podAntiAffinity:
    {{- if eq $values.etcd.antiAffinity "required" }}
    requiredDuringSchedulingIgnoredDuringExecution:
      - topologyKey: kubernetes.io/hostname
        labelSelector:
          matchLabels:
            {{- include "deepseek.selector" . | nindent 12 }}
    {{- else }}
    preferredDuringSchedulingIgnoredDuringExecution:
      - weight: 100
        podAffinityTerm:
          topologyKey: kubernetes.io/hostname
          labelSelector:
            matchLabels:
              {{- include "deepseek.selector" . | nindent 14 }}
    {{- end }}
  {{- end }}
{{- end }}
{{- $component := .component }}
{{- $root := .root }}
{{- if not .beside }}
topologySpreadConstraints:
  {{- range $values.spread.topologyKeys }}
  - maxSkew: {{ $values.spread.maxSkew }}
    topologyKey: {{ . }}
    whenUnsatisfiable: {{ $values.spread.whenUnsatisfiable }}
    labelSelector:
      matchLabels:
        {{- include "deepseek.selector" (dict "root" $root "component" $component) | nindent 8 }}
  {{- end }}
{{- end }}
tolerations:
  {{- range list "not-ready" "unreachable" }}
  - key: node.kubernetes.io/{{ . }}
    operator: Exists
    effect: NoExecute
    {{- if ne $component "etcd" }}
    tolerationSeconds: {{ $values.tolerationSeconds }}
    {{- end }}
  {{- end }}
{{- end -}}

{{/* Arguments: root, component */}}
{{- define "deepseek.podSecurity" -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- if and (eq .component "etcd") .root.Values.etcd.priorityClassName }}
priorityClassName: {{ .root.Values.etcd.priorityClassName }}
{{- else if .root.Values.priority.create }}
priorityClassName: {{ include "deepseek.priorityClass" .root }}
{{- end }}
securityContext:
  runAsNonRoot: true
  {{- toYaml .root.Values.securityContext | nindent 2 }}
  seccompProfile: {type: RuntimeDefault}
{{- end -}}

{{- define "deepseek.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
{{- end -}}

{{/* The probes of a container. Argument: a map of startup, readiness and liveness */}}
{{- define "deepseek.probes" -}}
{{- range $kind := list "startup" "readiness" "liveness" }}
{{- with index $ $kind }}
{{- if .enabled }}
{{ $kind }}Probe:
  httpGet: {path: {{ .path }}, port: http}
  periodSeconds: {{ .periodSeconds }}
  timeoutSeconds: {{ .timeoutSeconds }}
  failureThreshold: {{ .failureThreshold }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* A Deployment, or StatefulSet, of one of the JVMs. Arguments: root, component, main, port;
     debug: a port of the pod alone, which no Service leads to; ports: further ones, by name;
     values: instead of the component's own; env: variables that the values may overrule;
     statefulSet: the Service of its host names; then also name, replicas, group, beside and update */}}
{{- define "deepseek.deployment" -}}
{{- $root := .root }}
{{- $values := .values | default (index .root.Values .component) }}
apiVersion: apps/v1
kind: {{ ternary "StatefulSet" "Deployment" (hasKey . "statefulSet") }}
metadata:
  name: {{ .name | default (printf "%s-%s" (include "deepseek.name" .root) .component) }}
  labels:
    {{- include "deepseek.labels" . | nindent 4 }}
spec:
  replicas: {{ .replicas | default $values.replicas }}
  revisionHistoryLimit: 3
  {{- with .statefulSet }}
  serviceName: {{ . }}
  podManagementPolicy: Parallel
  updateStrategy: {type: {{ $.update }}}
  {{- else }}
  strategy:
    rollingUpdate: {maxUnavailable: 0, maxSurge: 1}
  {{- end }}
  selector:
    matchLabels:
      {{- include "deepseek.selector" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "deepseek.labels" . | nindent 8 }}
      annotations:
        prometheus.io/scrape: "true"
        prometheus.io/port: {{ .port | quote }}
    spec:
      {{- include "deepseek.podSecurity" . | nindent 6 }}
      {{- include "deepseek.placement" . | nindent 6 }}
      restartPolicy: Always
      terminationGracePeriodSeconds: {{ .root.Values.terminationGracePeriodSeconds }}
      containers:
        - name: {{ .component }}
          image: "{{ .root.Values.image.repository }}:{{ .root.Values.image.tag }}"
          imagePullPolicy: {{ .root.Values.image.pullPolicy }}
          command:
            - {{ .root.Values.java.command }}
            {{- range .root.Values.java.flags }}
            - {{ . | quote }}
            {{- end }}
            - -cp
            - {{ .root.Values.java.classPath | quote }}
            - {{ .main }}
          ports:
            - {name: http, containerPort: {{ .port }}}
            {{- with .debug }}
            - {name: debug, containerPort: {{ . }}}
            {{- end }}
            {{- range $name, $port := .ports }}
            - {name: {{ $name }}, containerPort: {{ $port }}}
            {{- end }}
          env:
            - {name: PORT, value: {{ .port | quote }}}
            {{- with .debug }}
            - {name: DEBUG_PORT, value: {{ . | quote }}}
            {{- end }}
            - {name: POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
            - {name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
            - {name: ETCD_ENDPOINTS, value: {{ include "deepseek.etcd.endpoints" .root | quote }}}
            {{- if ($values.faults).enabled }}
            - {name: FAULTS_TOKEN, valueFrom: {secretKeyRef: {name: {{ include "deepseek.faults.secret" .root }}, key: token}}}
            {{- end }}
            {{- if and (eq .component "api") .root.Values.worker.engine.image (not (hasKey $values.env "WORKER_API")) }}
            - {name: WORKER_API, value: openai}
            {{- end }}
            {{- range $name, $value := merge (dict) $values.env (.env | default dict) }}
            - {name: {{ $name }}, value: {{ $value | quote }}}
            {{- end }}
          {{- include "deepseek.probes" $values.probes | nindent 10 }}
          {{- include "deepseek.containerSecurity" .root | nindent 10 }}
          resources:
            {{- toYaml $values.resources | nindent 12 }}
          volumeMounts:
            - {name: tmp, mountPath: /tmp}
      volumes:
        - {name: tmp, emptyDir: {sizeLimit: 16Mi}}
{{- end -}}
