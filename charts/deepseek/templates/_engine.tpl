{{/* Workers whose engine is a server of somebody else, each with a registrar beside it. */}}
{{- define "deepseek.engine" -}}
{{- $worker := .Values.worker }}
{{- $engine := $worker.engine }}
{{- $names := dict "root" . "component" "worker" }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "deepseek.name" . }}-worker
  labels:
    {{- include "deepseek.labels" $names | nindent 4 }}
spec:
  replicas: {{ $worker.replicas }}
  revisionHistoryLimit: 3
  strategy:
    rollingUpdate: {maxUnavailable: 0, maxSurge: 1}
  selector:
    matchLabels:
      {{- include "deepseek.selector" $names | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "deepseek.labels" $names | nindent 8 }}
    spec:
      {{- include "deepseek.podSecurity" $names | nindent 6 }}
      {{- include "deepseek.placement" $names | nindent 6 }}
      restartPolicy: Always
      terminationGracePeriodSeconds: {{ .Values.terminationGracePeriodSeconds }}
      {{- with $engine.initContainers }}
      initContainers:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      containers:
        - name: worker
          image: {{ $engine.image | quote }}
          imagePullPolicy: {{ $engine.imagePullPolicy }}
          {{- with $engine.command }}
          command:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          {{- $args := $engine.args }}
          {{- if $engine.model }}
          {{- $args = concat (list "--model" $engine.model "--alias" $engine.alias "--host" "0.0.0.0" "--port" (toString $engine.port)) $args }}
          {{- end }}
          {{- with $args }}
          args:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          ports:
            - {name: http, containerPort: {{ $engine.port }}}
          {{- with $engine.env }}
          env:
            {{- range $name, $value := . }}
            - {name: {{ $name }}, value: {{ $value | quote }}}
            {{- end }}
          {{- end }}
          {{- $path := dict "path" $engine.healthPath }}
          {{- $startup := merge (dict) $path $worker.probes.startup }}
          {{- $readiness := merge (dict) $path $worker.probes.readiness }}
          {{- $liveness := merge (dict) $path $worker.probes.liveness }}
          {{- include "deepseek.probes" (dict "startup" $startup "readiness" $readiness "liveness" $liveness) | nindent 10 }}
          {{- $drain := min (int $engine.drainSeconds) (int .Values.terminationGracePeriodSeconds) }}
          {{- if $drain }}
          # The registrar gets SIGTERM at once and withdraws; what runs here may end meanwhile.
          lifecycle:
            {{- if semverCompare ">=1.30-0" .Capabilities.KubeVersion.Version }}
            preStop: {sleep: {seconds: {{ $drain }}}}
            {{- else }}
            preStop: {exec: {command: [sleep, {{ $drain | quote }}]}}
            {{- end }}
          {{- end }}
          {{- include "deepseek.containerSecurity" . | nindent 10 }}
          resources:
            {{- toYaml $engine.resources | nindent 12 }}
          volumeMounts:
            - {name: tmp, mountPath: /tmp}
            {{- with $engine.volumeMounts }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
        - name: registrar
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          imagePullPolicy: {{ .Values.image.pullPolicy }}
          command:
            - {{ .Values.java.command }}
            {{- range .Values.java.flags }}
            - {{ . | quote }}
            {{- end }}
            - -cp
            - {{ .Values.java.classPath | quote }}
            - dev.muster.deepseek.engine.Main
          ports:
            - {name: registrar, containerPort: {{ include "deepseek.registrar.port" . }}}
          env:
            - {name: PORT, value: {{ include "deepseek.registrar.port" . | quote }}}
            - {name: POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
            - {name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
            - {name: ENGINE_URL, value: {{ printf "http://127.0.0.1:%d" (int $engine.port) | quote }}}
            - {name: ENGINE_HEALTH_PATH, value: {{ $engine.healthPath | quote }}}
            - {name: ETCD_ENDPOINTS, value: {{ include "deepseek.etcd.endpoints" . | quote }}}
            {{- range $name, $value := $engine.registrarEnv }}
            - {name: {{ $name }}, value: {{ $value | quote }}}
            {{- end }}
          # The pod is ready once its engine is registered.
          readinessProbe:
            httpGet: {path: /health/ready, port: registrar}
            periodSeconds: 1
            timeoutSeconds: 1
            failureThreshold: 2
          livenessProbe:
            httpGet: {path: /health/live, port: registrar}
            periodSeconds: 5
            timeoutSeconds: 2
            failureThreshold: 6
          {{- include "deepseek.containerSecurity" . | nindent 10 }}
          resources:
            {{- toYaml $worker.resources | nindent 12 }}
          volumeMounts:
            - {name: tmp, mountPath: /tmp}
      volumes:
        - {name: tmp, emptyDir: {sizeLimit: 64Mi}}
        {{- with $engine.volumes }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
{{- end -}}

{{/* Where the registrar is probed: not the engine's port, which is the user's choice. */}}
{{- define "deepseek.registrar.port" -}}
{{ ternary 8002 8001 (eq (int .Values.worker.engine.port) 8001) }}
{{- end -}}
