module orrery/rig/amtool

go 1.25.0

tool github.com/prometheus/alertmanager/cmd/amtool

require github.com/prometheus/alertmanager v0.34.0
