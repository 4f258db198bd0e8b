// Generated from plan.schema.json by tasks/assembly-check.mjs. Do not edit.
// biome-ignore-all lint: generated
// biome-ignore-all format: generated
// biome-ignore-all assist: generated
// @ts-nocheck

export const validate = validate20;

const schema31 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"https://orrery.example.com/schemas/plan/1.1.json","$ref":"#/$defs/plan","$defs":{"plan":{"type":"object","additionalProperties":false,"required":["format","version","platform","purpose","assemblyDigest","createdAt","expiresAt","changes","clusters"],"properties":{"format":{"const":"orrery/plan"},"version":{"type":"string","pattern":"^[0-9]+\\.[0-9]+$"},"platform":{"$ref":"#/$defs/platform"},"purpose":{"enum":["apply","destroy"]},"assemblyDigest":{"type":"string"},"createdAt":{"type":"string"},"expiresAt":{"type":"string"},"changes":{"type":"boolean"},"clusters":{"type":"array","items":{"$ref":"#/$defs/cluster"}},"unverified":{"type":"boolean"},"rollout":{"$ref":"https://orrery.example.com/schemas/assembly/1.10.json#/$defs/rollout"},"headroom":{"type":"array","items":{"$ref":"#/$defs/serviceHeadroom"}},"uncovered":{"type":"array","items":{"$ref":"#/$defs/uncovered"}},"moves":{"type":"array","items":{"$ref":"#/$defs/serviceMove"}}}},"uncovered":{"type":"object","additionalProperties":false,"required":["path","what","clusters"],"properties":{"path":{"type":"string"},"what":{"type":"string"},"clusters":{"type":"array","items":{"type":"string"}}}},"serviceMove":{"type":"object","additionalProperties":false,"required":["service","receivers","donors"],"properties":{"service":{"type":"string"},"receivers":{"type":"array","items":{"type":"object","additionalProperties":false,"required":["cluster","after","workloads"],"properties":{"cluster":{"type":"string"},"before":{"$ref":"#/$defs/replicas"},"after":{"$ref":"#/$defs/replicas"},"workloads":{"type":"array","items":{"type":"object","additionalProperties":false,"required":["id","fewest"],"properties":{"id":{"$ref":"#/$defs/id"},"fewest":{"$ref":"#/$defs/replicas"},"scaler":{"$ref":"#/$defs/id"}}}}}}},"donors":{"type":"array","items":{"type":"object","additionalProperties":false,"required":["cluster","after","writes"],"properties":{"cluster":{"type":"string"},"before":{"$ref":"#/$defs/replicas"},"after":{"$ref":"#/$defs/replicas"},"writes":{"type":"array","items":{"type":"object","additionalProperties":false,"required":["id"],"properties":{"id":{"$ref":"#/$defs/id"},"keeps":{"type":"integer","minimum":0}}}}}}}}},"replicas":{"type":"integer","minimum":0},"serviceHeadroom":{"type":"object","additionalProperties":false,"required":["app","service","needed","without"],"properties":{"app":{"type":"string"},"service":{"type":"string"},"needed":{"$ref":"#/$defs/replicaBounds"},"without":{"type":"array","items":{"type":"object","additionalProperties":false,"required":["cluster","left"],"properties":{"cluster":{"type":"string"},"left":{"$ref":"#/$defs/replicaBounds"}}}}}},"replicaBounds":{"type":"object","additionalProperties":false,"required":["fewest","most"],"properties":{"fewest":{"type":"integer","minimum":0},"most":{"type":"integer","minimum":0}}},"platform":{"type":"object","additionalProperties":false,"required":["id"],"properties":{"id":{"type":"string"},"displayName":{"type":"string"}}},"cluster":{"type":"object","additionalProperties":false,"required":["cluster","target","items","unchanged","dryRuns","warnings"],"properties":{"cluster":{"type":"string"},"target":{"type":"string"},"clusterUid":{"type":"string"},"problem":{"$ref":"#/$defs/problem"},"left":{"type":"boolean"},"leftObjects":{"type":"integer","minimum":0},"seal":{"type":"string"},"items":{"type":"array","items":{"$ref":"#/$defs/item"}},"unchanged":{"type":"integer","minimum":0},"dryRuns":{"type":"integer","minimum":0},"warnings":{"type":"array","items":{"type":"string"}},"canaryReleases":{"type":"array","items":{"$ref":"#/$defs/canary"}}}},"canary":{"type":"object","additionalProperties":false,"required":["release","phase"],"properties":{"release":{"type":"string"},"phase":{"enum":["not-begun","progressing","paused","aborting","aborted","through"]},"stage":{"type":"string"},"place":{"type":"string"},"weight":{"type":"number"},"reason":{"type":"string"},"after":{"type":"array","items":{"type":"string"}},"begins":{"type":"array","items":{"type":"string"}}}},"item":{"type":"object","additionalProperties":false,"required":["action","id","apiVersion","reason","changes","effect","dangers","verified"],"properties":{"action":{"enum":["create","update","ownership-only","adopt","replace","delete","forget","orphan","blocked","being-deleted"]},"id":{"$ref":"#/$defs/id"},"apiVersion":{"type":"string"},"path":{"type":"string"},"unit":{"type":"string"},"source":{"type":"string"},"reason":{"type":"string"},"precondition":{"$ref":"#/$defs/precondition"},"changes":{"type":"array","items":{"$ref":"#/$defs/change"}},"effect":{"type":"string"},"desired":{"type":"object"},"desiredDigest":{"type":"string"},"dangers":{"type":"array","items":{"$ref":"#/$defs/danger"}},"verified":{"enum":["dry-run","unverified"]},"restartsPods":{"type":"boolean"},"takesOver":{"type":"array","items":{"type":"object","additionalProperties":false,"required":["manager","operation"],"properties":{"manager":{"type":"string"},"operation":{"enum":["Apply","Update"]}}}},"renamedFrom":{"$ref":"#/$defs/id"},"renamedTo":{"$ref":"#/$defs/id"},"release":{"type":"object","additionalProperties":false,"required":["objects"],"properties":{"revision":{"type":"integer"},"objects":{"type":"array","items":{"$ref":"#/$defs/releaseObject"}}}},"hook":{"type":"object","additionalProperties":false,"required":["events","weight"],"properties":{"events":{"type":"array","minItems":1,"items":{"enum":["pre-install","pre-upgrade","post-install","post-upgrade"]}},"weight":{"type":"integer"},"goes":{"const":true}}},"problem":{"$ref":"#/$defs/problem"}}},"releaseObject":{"type":"object","additionalProperties":false,"required":["id","effect","changes"],"properties":{"id":{"$ref":"#/$defs/id"},"effect":{"enum":["create","update","delete","stay","run"]},"changes":{"type":"array","items":{"$ref":"#/$defs/change"}}}},"id":{"type":"object","additionalProperties":false,"required":["group","kind","namespace","name"],"properties":{"group":{"type":"string"},"kind":{"type":"string"},"namespace":{"type":"string"},"name":{"type":"string"}}},"precondition":{"type":"object","additionalProperties":false,"required":["uid","resourceVersion"],"properties":{"uid":{"type":"string"},"resourceVersion":{"type":"string"}}},"change":{"type":"object","additionalProperties":false,"required":["path","op","cause"],"properties":{"path":{"type":"string"},"op":{"enum":["add","remove","replace"]},"before":true,"after":true,"cause":{"enum":["intent","drift"]},"by":{"type":"string"},"at":{"type":"string"},"masked":{"type":"boolean"}}},"danger":{"type":"object","additionalProperties":false,"required":["kind","text"],"properties":{"kind":{"enum":["delete-namespace","delete-crd","crd-upgrade","delete-storage","delete-workload","delete-many","delete-all","replace","adopt","ownership-taken","grants-rights","scale-to-zero","pods-renamed","gpu-repartition"]},"text":{"type":"string"}}},"problem":{"type":"object","additionalProperties":false,"required":["code","what","where"],"properties":{"code":{"type":"string","pattern":"^ORR[0-9]{4}$"},"what":{"type":"string"},"where":{"$ref":"#/$defs/where"},"fix":{"type":"string"}}},"where":{"type":"object","additionalProperties":false,"properties":{"path":{"type":"string"},"source":{"type":"string"},"cluster":{"type":"string"},"object":{"type":"string"}}}}};
const schema32 = {"type":"object","additionalProperties":false,"required":["format","version","platform","purpose","assemblyDigest","createdAt","expiresAt","changes","clusters"],"properties":{"format":{"const":"orrery/plan"},"version":{"type":"string","pattern":"^[0-9]+\\.[0-9]+$"},"platform":{"$ref":"#/$defs/platform"},"purpose":{"enum":["apply","destroy"]},"assemblyDigest":{"type":"string"},"createdAt":{"type":"string"},"expiresAt":{"type":"string"},"changes":{"type":"boolean"},"clusters":{"type":"array","items":{"$ref":"#/$defs/cluster"}},"unverified":{"type":"boolean"},"rollout":{"$ref":"https://orrery.example.com/schemas/assembly/1.10.json#/$defs/rollout"},"headroom":{"type":"array","items":{"$ref":"#/$defs/serviceHeadroom"}},"uncovered":{"type":"array","items":{"$ref":"#/$defs/uncovered"}},"moves":{"type":"array","items":{"$ref":"#/$defs/serviceMove"}}}};
const schema33 = {"type":"object","additionalProperties":false,"required":["id"],"properties":{"id":{"type":"string"},"displayName":{"type":"string"}}};
const schema147 = {"type":"object","additionalProperties":false,"required":["path","what","clusters"],"properties":{"path":{"type":"string"},"what":{"type":"string"},"clusters":{"type":"array","items":{"type":"string"}}}};
const func1 = Object.prototype.hasOwnProperty;
const pattern4 = new RegExp("^[0-9]+\\.[0-9]+$", "u");
const schema34 = {"type":"object","additionalProperties":false,"required":["cluster","target","items","unchanged","dryRuns","warnings"],"properties":{"cluster":{"type":"string"},"target":{"type":"string"},"clusterUid":{"type":"string"},"problem":{"$ref":"#/$defs/problem"},"left":{"type":"boolean"},"leftObjects":{"type":"integer","minimum":0},"seal":{"type":"string"},"items":{"type":"array","items":{"$ref":"#/$defs/item"}},"unchanged":{"type":"integer","minimum":0},"dryRuns":{"type":"integer","minimum":0},"warnings":{"type":"array","items":{"type":"string"}},"canaryReleases":{"type":"array","items":{"$ref":"#/$defs/canary"}}}};
const schema47 = {"type":"object","additionalProperties":false,"required":["release","phase"],"properties":{"release":{"type":"string"},"phase":{"enum":["not-begun","progressing","paused","aborting","aborted","through"]},"stage":{"type":"string"},"place":{"type":"string"},"weight":{"type":"number"},"reason":{"type":"string"},"after":{"type":"array","items":{"type":"string"}},"begins":{"type":"array","items":{"type":"string"}}}};
const schema35 = {"type":"object","additionalProperties":false,"required":["code","what","where"],"properties":{"code":{"type":"string","pattern":"^ORR[0-9]{4}$"},"what":{"type":"string"},"where":{"$ref":"#/$defs/where"},"fix":{"type":"string"}}};
const schema36 = {"type":"object","additionalProperties":false,"properties":{"path":{"type":"string"},"source":{"type":"string"},"cluster":{"type":"string"},"object":{"type":"string"}}};
const pattern5 = new RegExp("^ORR[0-9]{4}$", "u");

function validate23(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate23.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.code === undefined) && (missing0 = "code")) || ((data.what === undefined) && (missing0 = "what"))) || ((data.where === undefined) && (missing0 = "where"))){
validate23.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!((((key0 === "code") || (key0 === "what")) || (key0 === "where")) || (key0 === "fix"))){
validate23.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.code !== undefined){
let data0 = data.code;
const _errs2 = errors;
if(errors === _errs2){
if(typeof data0 === "string"){
if(!pattern5.test(data0)){
validate23.errors = [{instancePath:instancePath+"/code",schemaPath:"#/properties/code/pattern",keyword:"pattern",params:{pattern: "^ORR[0-9]{4}$"},message:"must match pattern \""+"^ORR[0-9]{4}$"+"\""}];
return false;
}
}
else {
validate23.errors = [{instancePath:instancePath+"/code",schemaPath:"#/properties/code/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.what !== undefined){
const _errs4 = errors;
if(typeof data.what !== "string"){
validate23.errors = [{instancePath:instancePath+"/what",schemaPath:"#/properties/what/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.where !== undefined){
let data2 = data.where;
const _errs6 = errors;
const _errs7 = errors;
if(errors === _errs7){
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
const _errs9 = errors;
for(const key1 in data2){
if(!((((key1 === "path") || (key1 === "source")) || (key1 === "cluster")) || (key1 === "object"))){
validate23.errors = [{instancePath:instancePath+"/where",schemaPath:"#/$defs/where/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs9 === errors){
if(data2.path !== undefined){
const _errs10 = errors;
if(typeof data2.path !== "string"){
validate23.errors = [{instancePath:instancePath+"/where/path",schemaPath:"#/$defs/where/properties/path/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid2 = _errs10 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data2.source !== undefined){
const _errs12 = errors;
if(typeof data2.source !== "string"){
validate23.errors = [{instancePath:instancePath+"/where/source",schemaPath:"#/$defs/where/properties/source/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid2 = _errs12 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data2.cluster !== undefined){
const _errs14 = errors;
if(typeof data2.cluster !== "string"){
validate23.errors = [{instancePath:instancePath+"/where/cluster",schemaPath:"#/$defs/where/properties/cluster/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid2 = _errs14 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data2.object !== undefined){
const _errs16 = errors;
if(typeof data2.object !== "string"){
validate23.errors = [{instancePath:instancePath+"/where/object",schemaPath:"#/$defs/where/properties/object/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid2 = _errs16 === errors;
}
else {
var valid2 = true;
}
}
}
}
}
}
else {
validate23.errors = [{instancePath:instancePath+"/where",schemaPath:"#/$defs/where/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.fix !== undefined){
const _errs18 = errors;
if(typeof data.fix !== "string"){
validate23.errors = [{instancePath:instancePath+"/fix",schemaPath:"#/properties/fix/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs18 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
else {
validate23.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate23.errors = vErrors;
return errors === 0;
}
validate23.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const schema37 = {"type":"object","additionalProperties":false,"required":["action","id","apiVersion","reason","changes","effect","dangers","verified"],"properties":{"action":{"enum":["create","update","ownership-only","adopt","replace","delete","forget","orphan","blocked","being-deleted"]},"id":{"$ref":"#/$defs/id"},"apiVersion":{"type":"string"},"path":{"type":"string"},"unit":{"type":"string"},"source":{"type":"string"},"reason":{"type":"string"},"precondition":{"$ref":"#/$defs/precondition"},"changes":{"type":"array","items":{"$ref":"#/$defs/change"}},"effect":{"type":"string"},"desired":{"type":"object"},"desiredDigest":{"type":"string"},"dangers":{"type":"array","items":{"$ref":"#/$defs/danger"}},"verified":{"enum":["dry-run","unverified"]},"restartsPods":{"type":"boolean"},"takesOver":{"type":"array","items":{"type":"object","additionalProperties":false,"required":["manager","operation"],"properties":{"manager":{"type":"string"},"operation":{"enum":["Apply","Update"]}}}},"renamedFrom":{"$ref":"#/$defs/id"},"renamedTo":{"$ref":"#/$defs/id"},"release":{"type":"object","additionalProperties":false,"required":["objects"],"properties":{"revision":{"type":"integer"},"objects":{"type":"array","items":{"$ref":"#/$defs/releaseObject"}}}},"hook":{"type":"object","additionalProperties":false,"required":["events","weight"],"properties":{"events":{"type":"array","minItems":1,"items":{"enum":["pre-install","pre-upgrade","post-install","post-upgrade"]}},"weight":{"type":"integer"},"goes":{"const":true}}},"problem":{"$ref":"#/$defs/problem"}}};
const schema38 = {"type":"object","additionalProperties":false,"required":["group","kind","namespace","name"],"properties":{"group":{"type":"string"},"kind":{"type":"string"},"namespace":{"type":"string"},"name":{"type":"string"}}};
const schema39 = {"type":"object","additionalProperties":false,"required":["uid","resourceVersion"],"properties":{"uid":{"type":"string"},"resourceVersion":{"type":"string"}}};
const schema40 = {"type":"object","additionalProperties":false,"required":["path","op","cause"],"properties":{"path":{"type":"string"},"op":{"enum":["add","remove","replace"]},"before":true,"after":true,"cause":{"enum":["intent","drift"]},"by":{"type":"string"},"at":{"type":"string"},"masked":{"type":"boolean"}}};
const schema41 = {"type":"object","additionalProperties":false,"required":["kind","text"],"properties":{"kind":{"enum":["delete-namespace","delete-crd","crd-upgrade","delete-storage","delete-workload","delete-many","delete-all","replace","adopt","ownership-taken","grants-rights","scale-to-zero","pods-renamed","gpu-repartition"]},"text":{"type":"string"}}};
const schema44 = {"type":"object","additionalProperties":false,"required":["id","effect","changes"],"properties":{"id":{"$ref":"#/$defs/id"},"effect":{"enum":["create","update","delete","stay","run"]},"changes":{"type":"array","items":{"$ref":"#/$defs/change"}}}};

function validate26(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate26.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.id === undefined) && (missing0 = "id")) || ((data.effect === undefined) && (missing0 = "effect"))) || ((data.changes === undefined) && (missing0 = "changes"))){
validate26.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!(((key0 === "id") || (key0 === "effect")) || (key0 === "changes"))){
validate26.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.id !== undefined){
let data0 = data.id;
const _errs2 = errors;
const _errs3 = errors;
if(errors === _errs3){
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
let missing1;
if(((((data0.group === undefined) && (missing1 = "group")) || ((data0.kind === undefined) && (missing1 = "kind"))) || ((data0.namespace === undefined) && (missing1 = "namespace"))) || ((data0.name === undefined) && (missing1 = "name"))){
validate26.errors = [{instancePath:instancePath+"/id",schemaPath:"#/$defs/id/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs5 = errors;
for(const key1 in data0){
if(!((((key1 === "group") || (key1 === "kind")) || (key1 === "namespace")) || (key1 === "name"))){
validate26.errors = [{instancePath:instancePath+"/id",schemaPath:"#/$defs/id/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs5 === errors){
if(data0.group !== undefined){
const _errs6 = errors;
if(typeof data0.group !== "string"){
validate26.errors = [{instancePath:instancePath+"/id/group",schemaPath:"#/$defs/id/properties/group/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid2 = _errs6 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data0.kind !== undefined){
const _errs8 = errors;
if(typeof data0.kind !== "string"){
validate26.errors = [{instancePath:instancePath+"/id/kind",schemaPath:"#/$defs/id/properties/kind/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid2 = _errs8 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data0.namespace !== undefined){
const _errs10 = errors;
if(typeof data0.namespace !== "string"){
validate26.errors = [{instancePath:instancePath+"/id/namespace",schemaPath:"#/$defs/id/properties/namespace/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid2 = _errs10 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data0.name !== undefined){
const _errs12 = errors;
if(typeof data0.name !== "string"){
validate26.errors = [{instancePath:instancePath+"/id/name",schemaPath:"#/$defs/id/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid2 = _errs12 === errors;
}
else {
var valid2 = true;
}
}
}
}
}
}
}
else {
validate26.errors = [{instancePath:instancePath+"/id",schemaPath:"#/$defs/id/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.effect !== undefined){
let data5 = data.effect;
const _errs14 = errors;
if(!(((((data5 === "create") || (data5 === "update")) || (data5 === "delete")) || (data5 === "stay")) || (data5 === "run"))){
validate26.errors = [{instancePath:instancePath+"/effect",schemaPath:"#/properties/effect/enum",keyword:"enum",params:{allowedValues: schema44.properties.effect.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid0 = _errs14 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.changes !== undefined){
let data6 = data.changes;
const _errs15 = errors;
if(errors === _errs15){
if(Array.isArray(data6)){
var valid3 = true;
const len0 = data6.length;
for(let i0=0; i0<len0; i0++){
let data7 = data6[i0];
const _errs17 = errors;
const _errs18 = errors;
if(errors === _errs18){
if(data7 && typeof data7 == "object" && !Array.isArray(data7)){
let missing2;
if((((data7.path === undefined) && (missing2 = "path")) || ((data7.op === undefined) && (missing2 = "op"))) || ((data7.cause === undefined) && (missing2 = "cause"))){
validate26.errors = [{instancePath:instancePath+"/changes/" + i0,schemaPath:"#/$defs/change/required",keyword:"required",params:{missingProperty: missing2},message:"must have required property '"+missing2+"'"}];
return false;
}
else {
const _errs20 = errors;
for(const key2 in data7){
if(!((((((((key2 === "path") || (key2 === "op")) || (key2 === "before")) || (key2 === "after")) || (key2 === "cause")) || (key2 === "by")) || (key2 === "at")) || (key2 === "masked"))){
validate26.errors = [{instancePath:instancePath+"/changes/" + i0,schemaPath:"#/$defs/change/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs20 === errors){
if(data7.path !== undefined){
const _errs21 = errors;
if(typeof data7.path !== "string"){
validate26.errors = [{instancePath:instancePath+"/changes/" + i0+"/path",schemaPath:"#/$defs/change/properties/path/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid5 = _errs21 === errors;
}
else {
var valid5 = true;
}
if(valid5){
if(data7.op !== undefined){
let data9 = data7.op;
const _errs23 = errors;
if(!(((data9 === "add") || (data9 === "remove")) || (data9 === "replace"))){
validate26.errors = [{instancePath:instancePath+"/changes/" + i0+"/op",schemaPath:"#/$defs/change/properties/op/enum",keyword:"enum",params:{allowedValues: schema40.properties.op.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid5 = _errs23 === errors;
}
else {
var valid5 = true;
}
if(valid5){
if(data7.cause !== undefined){
let data10 = data7.cause;
const _errs24 = errors;
if(!((data10 === "intent") || (data10 === "drift"))){
validate26.errors = [{instancePath:instancePath+"/changes/" + i0+"/cause",schemaPath:"#/$defs/change/properties/cause/enum",keyword:"enum",params:{allowedValues: schema40.properties.cause.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid5 = _errs24 === errors;
}
else {
var valid5 = true;
}
if(valid5){
if(data7.by !== undefined){
const _errs25 = errors;
if(typeof data7.by !== "string"){
validate26.errors = [{instancePath:instancePath+"/changes/" + i0+"/by",schemaPath:"#/$defs/change/properties/by/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid5 = _errs25 === errors;
}
else {
var valid5 = true;
}
if(valid5){
if(data7.at !== undefined){
const _errs27 = errors;
if(typeof data7.at !== "string"){
validate26.errors = [{instancePath:instancePath+"/changes/" + i0+"/at",schemaPath:"#/$defs/change/properties/at/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid5 = _errs27 === errors;
}
else {
var valid5 = true;
}
if(valid5){
if(data7.masked !== undefined){
const _errs29 = errors;
if(typeof data7.masked !== "boolean"){
validate26.errors = [{instancePath:instancePath+"/changes/" + i0+"/masked",schemaPath:"#/$defs/change/properties/masked/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"}];
return false;
}
var valid5 = _errs29 === errors;
}
else {
var valid5 = true;
}
}
}
}
}
}
}
}
}
else {
validate26.errors = [{instancePath:instancePath+"/changes/" + i0,schemaPath:"#/$defs/change/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid3 = _errs17 === errors;
if(!valid3){
break;
}
}
}
else {
validate26.errors = [{instancePath:instancePath+"/changes",schemaPath:"#/properties/changes/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs15 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
else {
validate26.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate26.errors = vErrors;
return errors === 0;
}
validate26.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};


function validate25(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate25.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((((data.action === undefined) && (missing0 = "action")) || ((data.id === undefined) && (missing0 = "id"))) || ((data.apiVersion === undefined) && (missing0 = "apiVersion"))) || ((data.reason === undefined) && (missing0 = "reason"))) || ((data.changes === undefined) && (missing0 = "changes"))) || ((data.effect === undefined) && (missing0 = "effect"))) || ((data.dangers === undefined) && (missing0 = "dangers"))) || ((data.verified === undefined) && (missing0 = "verified"))){
validate25.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!(func1.call(schema37.properties, key0))){
validate25.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.action !== undefined){
let data0 = data.action;
const _errs2 = errors;
if(!((((((((((data0 === "create") || (data0 === "update")) || (data0 === "ownership-only")) || (data0 === "adopt")) || (data0 === "replace")) || (data0 === "delete")) || (data0 === "forget")) || (data0 === "orphan")) || (data0 === "blocked")) || (data0 === "being-deleted"))){
validate25.errors = [{instancePath:instancePath+"/action",schemaPath:"#/properties/action/enum",keyword:"enum",params:{allowedValues: schema37.properties.action.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.id !== undefined){
let data1 = data.id;
const _errs3 = errors;
const _errs4 = errors;
if(errors === _errs4){
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
let missing1;
if(((((data1.group === undefined) && (missing1 = "group")) || ((data1.kind === undefined) && (missing1 = "kind"))) || ((data1.namespace === undefined) && (missing1 = "namespace"))) || ((data1.name === undefined) && (missing1 = "name"))){
validate25.errors = [{instancePath:instancePath+"/id",schemaPath:"#/$defs/id/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs6 = errors;
for(const key1 in data1){
if(!((((key1 === "group") || (key1 === "kind")) || (key1 === "namespace")) || (key1 === "name"))){
validate25.errors = [{instancePath:instancePath+"/id",schemaPath:"#/$defs/id/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs6 === errors){
if(data1.group !== undefined){
const _errs7 = errors;
if(typeof data1.group !== "string"){
validate25.errors = [{instancePath:instancePath+"/id/group",schemaPath:"#/$defs/id/properties/group/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid2 = _errs7 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data1.kind !== undefined){
const _errs9 = errors;
if(typeof data1.kind !== "string"){
validate25.errors = [{instancePath:instancePath+"/id/kind",schemaPath:"#/$defs/id/properties/kind/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid2 = _errs9 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data1.namespace !== undefined){
const _errs11 = errors;
if(typeof data1.namespace !== "string"){
validate25.errors = [{instancePath:instancePath+"/id/namespace",schemaPath:"#/$defs/id/properties/namespace/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid2 = _errs11 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data1.name !== undefined){
const _errs13 = errors;
if(typeof data1.name !== "string"){
validate25.errors = [{instancePath:instancePath+"/id/name",schemaPath:"#/$defs/id/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid2 = _errs13 === errors;
}
else {
var valid2 = true;
}
}
}
}
}
}
}
else {
validate25.errors = [{instancePath:instancePath+"/id",schemaPath:"#/$defs/id/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.apiVersion !== undefined){
const _errs15 = errors;
if(typeof data.apiVersion !== "string"){
validate25.errors = [{instancePath:instancePath+"/apiVersion",schemaPath:"#/properties/apiVersion/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs15 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.path !== undefined){
const _errs17 = errors;
if(typeof data.path !== "string"){
validate25.errors = [{instancePath:instancePath+"/path",schemaPath:"#/properties/path/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs17 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.unit !== undefined){
const _errs19 = errors;
if(typeof data.unit !== "string"){
validate25.errors = [{instancePath:instancePath+"/unit",schemaPath:"#/properties/unit/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs19 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.source !== undefined){
const _errs21 = errors;
if(typeof data.source !== "string"){
validate25.errors = [{instancePath:instancePath+"/source",schemaPath:"#/properties/source/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs21 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.reason !== undefined){
const _errs23 = errors;
if(typeof data.reason !== "string"){
validate25.errors = [{instancePath:instancePath+"/reason",schemaPath:"#/properties/reason/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs23 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.precondition !== undefined){
let data11 = data.precondition;
const _errs25 = errors;
const _errs26 = errors;
if(errors === _errs26){
if(data11 && typeof data11 == "object" && !Array.isArray(data11)){
let missing2;
if(((data11.uid === undefined) && (missing2 = "uid")) || ((data11.resourceVersion === undefined) && (missing2 = "resourceVersion"))){
validate25.errors = [{instancePath:instancePath+"/precondition",schemaPath:"#/$defs/precondition/required",keyword:"required",params:{missingProperty: missing2},message:"must have required property '"+missing2+"'"}];
return false;
}
else {
const _errs28 = errors;
for(const key2 in data11){
if(!((key2 === "uid") || (key2 === "resourceVersion"))){
validate25.errors = [{instancePath:instancePath+"/precondition",schemaPath:"#/$defs/precondition/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs28 === errors){
if(data11.uid !== undefined){
const _errs29 = errors;
if(typeof data11.uid !== "string"){
validate25.errors = [{instancePath:instancePath+"/precondition/uid",schemaPath:"#/$defs/precondition/properties/uid/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid4 = _errs29 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data11.resourceVersion !== undefined){
const _errs31 = errors;
if(typeof data11.resourceVersion !== "string"){
validate25.errors = [{instancePath:instancePath+"/precondition/resourceVersion",schemaPath:"#/$defs/precondition/properties/resourceVersion/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid4 = _errs31 === errors;
}
else {
var valid4 = true;
}
}
}
}
}
else {
validate25.errors = [{instancePath:instancePath+"/precondition",schemaPath:"#/$defs/precondition/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs25 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.changes !== undefined){
let data14 = data.changes;
const _errs33 = errors;
if(errors === _errs33){
if(Array.isArray(data14)){
var valid5 = true;
const len0 = data14.length;
for(let i0=0; i0<len0; i0++){
let data15 = data14[i0];
const _errs35 = errors;
const _errs36 = errors;
if(errors === _errs36){
if(data15 && typeof data15 == "object" && !Array.isArray(data15)){
let missing3;
if((((data15.path === undefined) && (missing3 = "path")) || ((data15.op === undefined) && (missing3 = "op"))) || ((data15.cause === undefined) && (missing3 = "cause"))){
validate25.errors = [{instancePath:instancePath+"/changes/" + i0,schemaPath:"#/$defs/change/required",keyword:"required",params:{missingProperty: missing3},message:"must have required property '"+missing3+"'"}];
return false;
}
else {
const _errs38 = errors;
for(const key3 in data15){
if(!((((((((key3 === "path") || (key3 === "op")) || (key3 === "before")) || (key3 === "after")) || (key3 === "cause")) || (key3 === "by")) || (key3 === "at")) || (key3 === "masked"))){
validate25.errors = [{instancePath:instancePath+"/changes/" + i0,schemaPath:"#/$defs/change/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs38 === errors){
if(data15.path !== undefined){
const _errs39 = errors;
if(typeof data15.path !== "string"){
validate25.errors = [{instancePath:instancePath+"/changes/" + i0+"/path",schemaPath:"#/$defs/change/properties/path/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid7 = _errs39 === errors;
}
else {
var valid7 = true;
}
if(valid7){
if(data15.op !== undefined){
let data17 = data15.op;
const _errs41 = errors;
if(!(((data17 === "add") || (data17 === "remove")) || (data17 === "replace"))){
validate25.errors = [{instancePath:instancePath+"/changes/" + i0+"/op",schemaPath:"#/$defs/change/properties/op/enum",keyword:"enum",params:{allowedValues: schema40.properties.op.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid7 = _errs41 === errors;
}
else {
var valid7 = true;
}
if(valid7){
if(data15.cause !== undefined){
let data18 = data15.cause;
const _errs42 = errors;
if(!((data18 === "intent") || (data18 === "drift"))){
validate25.errors = [{instancePath:instancePath+"/changes/" + i0+"/cause",schemaPath:"#/$defs/change/properties/cause/enum",keyword:"enum",params:{allowedValues: schema40.properties.cause.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid7 = _errs42 === errors;
}
else {
var valid7 = true;
}
if(valid7){
if(data15.by !== undefined){
const _errs43 = errors;
if(typeof data15.by !== "string"){
validate25.errors = [{instancePath:instancePath+"/changes/" + i0+"/by",schemaPath:"#/$defs/change/properties/by/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid7 = _errs43 === errors;
}
else {
var valid7 = true;
}
if(valid7){
if(data15.at !== undefined){
const _errs45 = errors;
if(typeof data15.at !== "string"){
validate25.errors = [{instancePath:instancePath+"/changes/" + i0+"/at",schemaPath:"#/$defs/change/properties/at/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid7 = _errs45 === errors;
}
else {
var valid7 = true;
}
if(valid7){
if(data15.masked !== undefined){
const _errs47 = errors;
if(typeof data15.masked !== "boolean"){
validate25.errors = [{instancePath:instancePath+"/changes/" + i0+"/masked",schemaPath:"#/$defs/change/properties/masked/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"}];
return false;
}
var valid7 = _errs47 === errors;
}
else {
var valid7 = true;
}
}
}
}
}
}
}
}
}
else {
validate25.errors = [{instancePath:instancePath+"/changes/" + i0,schemaPath:"#/$defs/change/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid5 = _errs35 === errors;
if(!valid5){
break;
}
}
}
else {
validate25.errors = [{instancePath:instancePath+"/changes",schemaPath:"#/properties/changes/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs33 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.effect !== undefined){
const _errs49 = errors;
if(typeof data.effect !== "string"){
validate25.errors = [{instancePath:instancePath+"/effect",schemaPath:"#/properties/effect/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs49 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.desired !== undefined){
let data23 = data.desired;
const _errs51 = errors;
if(!(data23 && typeof data23 == "object" && !Array.isArray(data23))){
validate25.errors = [{instancePath:instancePath+"/desired",schemaPath:"#/properties/desired/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
var valid0 = _errs51 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.desiredDigest !== undefined){
const _errs53 = errors;
if(typeof data.desiredDigest !== "string"){
validate25.errors = [{instancePath:instancePath+"/desiredDigest",schemaPath:"#/properties/desiredDigest/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs53 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.dangers !== undefined){
let data25 = data.dangers;
const _errs55 = errors;
if(errors === _errs55){
if(Array.isArray(data25)){
var valid8 = true;
const len1 = data25.length;
for(let i1=0; i1<len1; i1++){
let data26 = data25[i1];
const _errs57 = errors;
const _errs58 = errors;
if(errors === _errs58){
if(data26 && typeof data26 == "object" && !Array.isArray(data26)){
let missing4;
if(((data26.kind === undefined) && (missing4 = "kind")) || ((data26.text === undefined) && (missing4 = "text"))){
validate25.errors = [{instancePath:instancePath+"/dangers/" + i1,schemaPath:"#/$defs/danger/required",keyword:"required",params:{missingProperty: missing4},message:"must have required property '"+missing4+"'"}];
return false;
}
else {
const _errs60 = errors;
for(const key4 in data26){
if(!((key4 === "kind") || (key4 === "text"))){
validate25.errors = [{instancePath:instancePath+"/dangers/" + i1,schemaPath:"#/$defs/danger/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key4},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs60 === errors){
if(data26.kind !== undefined){
let data27 = data26.kind;
const _errs61 = errors;
if(!((((((((((((((data27 === "delete-namespace") || (data27 === "delete-crd")) || (data27 === "crd-upgrade")) || (data27 === "delete-storage")) || (data27 === "delete-workload")) || (data27 === "delete-many")) || (data27 === "delete-all")) || (data27 === "replace")) || (data27 === "adopt")) || (data27 === "ownership-taken")) || (data27 === "grants-rights")) || (data27 === "scale-to-zero")) || (data27 === "pods-renamed")) || (data27 === "gpu-repartition"))){
validate25.errors = [{instancePath:instancePath+"/dangers/" + i1+"/kind",schemaPath:"#/$defs/danger/properties/kind/enum",keyword:"enum",params:{allowedValues: schema41.properties.kind.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid10 = _errs61 === errors;
}
else {
var valid10 = true;
}
if(valid10){
if(data26.text !== undefined){
const _errs62 = errors;
if(typeof data26.text !== "string"){
validate25.errors = [{instancePath:instancePath+"/dangers/" + i1+"/text",schemaPath:"#/$defs/danger/properties/text/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid10 = _errs62 === errors;
}
else {
var valid10 = true;
}
}
}
}
}
else {
validate25.errors = [{instancePath:instancePath+"/dangers/" + i1,schemaPath:"#/$defs/danger/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid8 = _errs57 === errors;
if(!valid8){
break;
}
}
}
else {
validate25.errors = [{instancePath:instancePath+"/dangers",schemaPath:"#/properties/dangers/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs55 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.verified !== undefined){
let data29 = data.verified;
const _errs64 = errors;
if(!((data29 === "dry-run") || (data29 === "unverified"))){
validate25.errors = [{instancePath:instancePath+"/verified",schemaPath:"#/properties/verified/enum",keyword:"enum",params:{allowedValues: schema37.properties.verified.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid0 = _errs64 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.restartsPods !== undefined){
const _errs65 = errors;
if(typeof data.restartsPods !== "boolean"){
validate25.errors = [{instancePath:instancePath+"/restartsPods",schemaPath:"#/properties/restartsPods/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"}];
return false;
}
var valid0 = _errs65 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.takesOver !== undefined){
let data31 = data.takesOver;
const _errs67 = errors;
if(errors === _errs67){
if(Array.isArray(data31)){
var valid11 = true;
const len2 = data31.length;
for(let i2=0; i2<len2; i2++){
let data32 = data31[i2];
const _errs69 = errors;
if(errors === _errs69){
if(data32 && typeof data32 == "object" && !Array.isArray(data32)){
let missing5;
if(((data32.manager === undefined) && (missing5 = "manager")) || ((data32.operation === undefined) && (missing5 = "operation"))){
validate25.errors = [{instancePath:instancePath+"/takesOver/" + i2,schemaPath:"#/properties/takesOver/items/required",keyword:"required",params:{missingProperty: missing5},message:"must have required property '"+missing5+"'"}];
return false;
}
else {
const _errs71 = errors;
for(const key5 in data32){
if(!((key5 === "manager") || (key5 === "operation"))){
validate25.errors = [{instancePath:instancePath+"/takesOver/" + i2,schemaPath:"#/properties/takesOver/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key5},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs71 === errors){
if(data32.manager !== undefined){
const _errs72 = errors;
if(typeof data32.manager !== "string"){
validate25.errors = [{instancePath:instancePath+"/takesOver/" + i2+"/manager",schemaPath:"#/properties/takesOver/items/properties/manager/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid12 = _errs72 === errors;
}
else {
var valid12 = true;
}
if(valid12){
if(data32.operation !== undefined){
let data34 = data32.operation;
const _errs74 = errors;
if(!((data34 === "Apply") || (data34 === "Update"))){
validate25.errors = [{instancePath:instancePath+"/takesOver/" + i2+"/operation",schemaPath:"#/properties/takesOver/items/properties/operation/enum",keyword:"enum",params:{allowedValues: schema37.properties.takesOver.items.properties.operation.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid12 = _errs74 === errors;
}
else {
var valid12 = true;
}
}
}
}
}
else {
validate25.errors = [{instancePath:instancePath+"/takesOver/" + i2,schemaPath:"#/properties/takesOver/items/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid11 = _errs69 === errors;
if(!valid11){
break;
}
}
}
else {
validate25.errors = [{instancePath:instancePath+"/takesOver",schemaPath:"#/properties/takesOver/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs67 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.renamedFrom !== undefined){
let data35 = data.renamedFrom;
const _errs75 = errors;
const _errs76 = errors;
if(errors === _errs76){
if(data35 && typeof data35 == "object" && !Array.isArray(data35)){
let missing6;
if(((((data35.group === undefined) && (missing6 = "group")) || ((data35.kind === undefined) && (missing6 = "kind"))) || ((data35.namespace === undefined) && (missing6 = "namespace"))) || ((data35.name === undefined) && (missing6 = "name"))){
validate25.errors = [{instancePath:instancePath+"/renamedFrom",schemaPath:"#/$defs/id/required",keyword:"required",params:{missingProperty: missing6},message:"must have required property '"+missing6+"'"}];
return false;
}
else {
const _errs78 = errors;
for(const key6 in data35){
if(!((((key6 === "group") || (key6 === "kind")) || (key6 === "namespace")) || (key6 === "name"))){
validate25.errors = [{instancePath:instancePath+"/renamedFrom",schemaPath:"#/$defs/id/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key6},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs78 === errors){
if(data35.group !== undefined){
const _errs79 = errors;
if(typeof data35.group !== "string"){
validate25.errors = [{instancePath:instancePath+"/renamedFrom/group",schemaPath:"#/$defs/id/properties/group/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid14 = _errs79 === errors;
}
else {
var valid14 = true;
}
if(valid14){
if(data35.kind !== undefined){
const _errs81 = errors;
if(typeof data35.kind !== "string"){
validate25.errors = [{instancePath:instancePath+"/renamedFrom/kind",schemaPath:"#/$defs/id/properties/kind/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid14 = _errs81 === errors;
}
else {
var valid14 = true;
}
if(valid14){
if(data35.namespace !== undefined){
const _errs83 = errors;
if(typeof data35.namespace !== "string"){
validate25.errors = [{instancePath:instancePath+"/renamedFrom/namespace",schemaPath:"#/$defs/id/properties/namespace/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid14 = _errs83 === errors;
}
else {
var valid14 = true;
}
if(valid14){
if(data35.name !== undefined){
const _errs85 = errors;
if(typeof data35.name !== "string"){
validate25.errors = [{instancePath:instancePath+"/renamedFrom/name",schemaPath:"#/$defs/id/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid14 = _errs85 === errors;
}
else {
var valid14 = true;
}
}
}
}
}
}
}
else {
validate25.errors = [{instancePath:instancePath+"/renamedFrom",schemaPath:"#/$defs/id/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs75 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.renamedTo !== undefined){
let data40 = data.renamedTo;
const _errs87 = errors;
const _errs88 = errors;
if(errors === _errs88){
if(data40 && typeof data40 == "object" && !Array.isArray(data40)){
let missing7;
if(((((data40.group === undefined) && (missing7 = "group")) || ((data40.kind === undefined) && (missing7 = "kind"))) || ((data40.namespace === undefined) && (missing7 = "namespace"))) || ((data40.name === undefined) && (missing7 = "name"))){
validate25.errors = [{instancePath:instancePath+"/renamedTo",schemaPath:"#/$defs/id/required",keyword:"required",params:{missingProperty: missing7},message:"must have required property '"+missing7+"'"}];
return false;
}
else {
const _errs90 = errors;
for(const key7 in data40){
if(!((((key7 === "group") || (key7 === "kind")) || (key7 === "namespace")) || (key7 === "name"))){
validate25.errors = [{instancePath:instancePath+"/renamedTo",schemaPath:"#/$defs/id/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key7},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs90 === errors){
if(data40.group !== undefined){
const _errs91 = errors;
if(typeof data40.group !== "string"){
validate25.errors = [{instancePath:instancePath+"/renamedTo/group",schemaPath:"#/$defs/id/properties/group/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid16 = _errs91 === errors;
}
else {
var valid16 = true;
}
if(valid16){
if(data40.kind !== undefined){
const _errs93 = errors;
if(typeof data40.kind !== "string"){
validate25.errors = [{instancePath:instancePath+"/renamedTo/kind",schemaPath:"#/$defs/id/properties/kind/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid16 = _errs93 === errors;
}
else {
var valid16 = true;
}
if(valid16){
if(data40.namespace !== undefined){
const _errs95 = errors;
if(typeof data40.namespace !== "string"){
validate25.errors = [{instancePath:instancePath+"/renamedTo/namespace",schemaPath:"#/$defs/id/properties/namespace/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid16 = _errs95 === errors;
}
else {
var valid16 = true;
}
if(valid16){
if(data40.name !== undefined){
const _errs97 = errors;
if(typeof data40.name !== "string"){
validate25.errors = [{instancePath:instancePath+"/renamedTo/name",schemaPath:"#/$defs/id/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid16 = _errs97 === errors;
}
else {
var valid16 = true;
}
}
}
}
}
}
}
else {
validate25.errors = [{instancePath:instancePath+"/renamedTo",schemaPath:"#/$defs/id/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs87 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.release !== undefined){
let data45 = data.release;
const _errs99 = errors;
if(errors === _errs99){
if(data45 && typeof data45 == "object" && !Array.isArray(data45)){
let missing8;
if((data45.objects === undefined) && (missing8 = "objects")){
validate25.errors = [{instancePath:instancePath+"/release",schemaPath:"#/properties/release/required",keyword:"required",params:{missingProperty: missing8},message:"must have required property '"+missing8+"'"}];
return false;
}
else {
const _errs101 = errors;
for(const key8 in data45){
if(!((key8 === "revision") || (key8 === "objects"))){
validate25.errors = [{instancePath:instancePath+"/release",schemaPath:"#/properties/release/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key8},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs101 === errors){
if(data45.revision !== undefined){
let data46 = data45.revision;
const _errs102 = errors;
if(!(((typeof data46 == "number") && (!(data46 % 1) && !isNaN(data46))) && (isFinite(data46)))){
validate25.errors = [{instancePath:instancePath+"/release/revision",schemaPath:"#/properties/release/properties/revision/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
var valid17 = _errs102 === errors;
}
else {
var valid17 = true;
}
if(valid17){
if(data45.objects !== undefined){
let data47 = data45.objects;
const _errs104 = errors;
if(errors === _errs104){
if(Array.isArray(data47)){
var valid18 = true;
const len3 = data47.length;
for(let i3=0; i3<len3; i3++){
const _errs106 = errors;
if(!(validate26(data47[i3], {instancePath:instancePath+"/release/objects/" + i3,parentData:data47,parentDataProperty:i3,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate26.errors : vErrors.concat(validate26.errors);
errors = vErrors.length;
}
var valid18 = _errs106 === errors;
if(!valid18){
break;
}
}
}
else {
validate25.errors = [{instancePath:instancePath+"/release/objects",schemaPath:"#/properties/release/properties/objects/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid17 = _errs104 === errors;
}
else {
var valid17 = true;
}
}
}
}
}
else {
validate25.errors = [{instancePath:instancePath+"/release",schemaPath:"#/properties/release/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs99 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.hook !== undefined){
let data49 = data.hook;
const _errs107 = errors;
if(errors === _errs107){
if(data49 && typeof data49 == "object" && !Array.isArray(data49)){
let missing9;
if(((data49.events === undefined) && (missing9 = "events")) || ((data49.weight === undefined) && (missing9 = "weight"))){
validate25.errors = [{instancePath:instancePath+"/hook",schemaPath:"#/properties/hook/required",keyword:"required",params:{missingProperty: missing9},message:"must have required property '"+missing9+"'"}];
return false;
}
else {
const _errs109 = errors;
for(const key9 in data49){
if(!(((key9 === "events") || (key9 === "weight")) || (key9 === "goes"))){
validate25.errors = [{instancePath:instancePath+"/hook",schemaPath:"#/properties/hook/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key9},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs109 === errors){
if(data49.events !== undefined){
let data50 = data49.events;
const _errs110 = errors;
if(errors === _errs110){
if(Array.isArray(data50)){
if(data50.length < 1){
validate25.errors = [{instancePath:instancePath+"/hook/events",schemaPath:"#/properties/hook/properties/events/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items"}];
return false;
}
else {
var valid20 = true;
const len4 = data50.length;
for(let i4=0; i4<len4; i4++){
let data51 = data50[i4];
const _errs112 = errors;
if(!((((data51 === "pre-install") || (data51 === "pre-upgrade")) || (data51 === "post-install")) || (data51 === "post-upgrade"))){
validate25.errors = [{instancePath:instancePath+"/hook/events/" + i4,schemaPath:"#/properties/hook/properties/events/items/enum",keyword:"enum",params:{allowedValues: schema37.properties.hook.properties.events.items.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid20 = _errs112 === errors;
if(!valid20){
break;
}
}
}
}
else {
validate25.errors = [{instancePath:instancePath+"/hook/events",schemaPath:"#/properties/hook/properties/events/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid19 = _errs110 === errors;
}
else {
var valid19 = true;
}
if(valid19){
if(data49.weight !== undefined){
let data52 = data49.weight;
const _errs113 = errors;
if(!(((typeof data52 == "number") && (!(data52 % 1) && !isNaN(data52))) && (isFinite(data52)))){
validate25.errors = [{instancePath:instancePath+"/hook/weight",schemaPath:"#/properties/hook/properties/weight/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
var valid19 = _errs113 === errors;
}
else {
var valid19 = true;
}
if(valid19){
if(data49.goes !== undefined){
const _errs115 = errors;
if(true !== data49.goes){
validate25.errors = [{instancePath:instancePath+"/hook/goes",schemaPath:"#/properties/hook/properties/goes/const",keyword:"const",params:{allowedValue: true},message:"must be equal to constant"}];
return false;
}
var valid19 = _errs115 === errors;
}
else {
var valid19 = true;
}
}
}
}
}
}
else {
validate25.errors = [{instancePath:instancePath+"/hook",schemaPath:"#/properties/hook/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs107 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.problem !== undefined){
const _errs116 = errors;
if(!(validate23(data.problem, {instancePath:instancePath+"/problem",parentData:data,parentDataProperty:"problem",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate23.errors : vErrors.concat(validate23.errors);
errors = vErrors.length;
}
var valid0 = _errs116 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
validate25.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate25.errors = vErrors;
return errors === 0;
}
validate25.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};


function validate22(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate22.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((((data.cluster === undefined) && (missing0 = "cluster")) || ((data.target === undefined) && (missing0 = "target"))) || ((data.items === undefined) && (missing0 = "items"))) || ((data.unchanged === undefined) && (missing0 = "unchanged"))) || ((data.dryRuns === undefined) && (missing0 = "dryRuns"))) || ((data.warnings === undefined) && (missing0 = "warnings"))){
validate22.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!(func1.call(schema34.properties, key0))){
validate22.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.cluster !== undefined){
const _errs2 = errors;
if(typeof data.cluster !== "string"){
validate22.errors = [{instancePath:instancePath+"/cluster",schemaPath:"#/properties/cluster/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.target !== undefined){
const _errs4 = errors;
if(typeof data.target !== "string"){
validate22.errors = [{instancePath:instancePath+"/target",schemaPath:"#/properties/target/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.clusterUid !== undefined){
const _errs6 = errors;
if(typeof data.clusterUid !== "string"){
validate22.errors = [{instancePath:instancePath+"/clusterUid",schemaPath:"#/properties/clusterUid/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.problem !== undefined){
const _errs8 = errors;
if(!(validate23(data.problem, {instancePath:instancePath+"/problem",parentData:data,parentDataProperty:"problem",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate23.errors : vErrors.concat(validate23.errors);
errors = vErrors.length;
}
var valid0 = _errs8 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.left !== undefined){
const _errs9 = errors;
if(typeof data.left !== "boolean"){
validate22.errors = [{instancePath:instancePath+"/left",schemaPath:"#/properties/left/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"}];
return false;
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.leftObjects !== undefined){
let data5 = data.leftObjects;
const _errs11 = errors;
if(!(((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5))) && (isFinite(data5)))){
validate22.errors = [{instancePath:instancePath+"/leftObjects",schemaPath:"#/properties/leftObjects/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs11){
if((typeof data5 == "number") && (isFinite(data5))){
if(data5 < 0 || isNaN(data5)){
validate22.errors = [{instancePath:instancePath+"/leftObjects",schemaPath:"#/properties/leftObjects/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid0 = _errs11 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.seal !== undefined){
const _errs13 = errors;
if(typeof data.seal !== "string"){
validate22.errors = [{instancePath:instancePath+"/seal",schemaPath:"#/properties/seal/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs13 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.items !== undefined){
let data7 = data.items;
const _errs15 = errors;
if(errors === _errs15){
if(Array.isArray(data7)){
var valid1 = true;
const len0 = data7.length;
for(let i0=0; i0<len0; i0++){
const _errs17 = errors;
if(!(validate25(data7[i0], {instancePath:instancePath+"/items/" + i0,parentData:data7,parentDataProperty:i0,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate25.errors : vErrors.concat(validate25.errors);
errors = vErrors.length;
}
var valid1 = _errs17 === errors;
if(!valid1){
break;
}
}
}
else {
validate22.errors = [{instancePath:instancePath+"/items",schemaPath:"#/properties/items/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs15 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.unchanged !== undefined){
let data9 = data.unchanged;
const _errs18 = errors;
if(!(((typeof data9 == "number") && (!(data9 % 1) && !isNaN(data9))) && (isFinite(data9)))){
validate22.errors = [{instancePath:instancePath+"/unchanged",schemaPath:"#/properties/unchanged/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs18){
if((typeof data9 == "number") && (isFinite(data9))){
if(data9 < 0 || isNaN(data9)){
validate22.errors = [{instancePath:instancePath+"/unchanged",schemaPath:"#/properties/unchanged/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid0 = _errs18 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.dryRuns !== undefined){
let data10 = data.dryRuns;
const _errs20 = errors;
if(!(((typeof data10 == "number") && (!(data10 % 1) && !isNaN(data10))) && (isFinite(data10)))){
validate22.errors = [{instancePath:instancePath+"/dryRuns",schemaPath:"#/properties/dryRuns/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs20){
if((typeof data10 == "number") && (isFinite(data10))){
if(data10 < 0 || isNaN(data10)){
validate22.errors = [{instancePath:instancePath+"/dryRuns",schemaPath:"#/properties/dryRuns/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid0 = _errs20 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.warnings !== undefined){
let data11 = data.warnings;
const _errs22 = errors;
if(errors === _errs22){
if(Array.isArray(data11)){
var valid2 = true;
const len1 = data11.length;
for(let i1=0; i1<len1; i1++){
const _errs24 = errors;
if(typeof data11[i1] !== "string"){
validate22.errors = [{instancePath:instancePath+"/warnings/" + i1,schemaPath:"#/properties/warnings/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid2 = _errs24 === errors;
if(!valid2){
break;
}
}
}
else {
validate22.errors = [{instancePath:instancePath+"/warnings",schemaPath:"#/properties/warnings/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs22 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.canaryReleases !== undefined){
let data13 = data.canaryReleases;
const _errs26 = errors;
if(errors === _errs26){
if(Array.isArray(data13)){
var valid3 = true;
const len2 = data13.length;
for(let i2=0; i2<len2; i2++){
let data14 = data13[i2];
const _errs28 = errors;
const _errs29 = errors;
if(errors === _errs29){
if(data14 && typeof data14 == "object" && !Array.isArray(data14)){
let missing1;
if(((data14.release === undefined) && (missing1 = "release")) || ((data14.phase === undefined) && (missing1 = "phase"))){
validate22.errors = [{instancePath:instancePath+"/canaryReleases/" + i2,schemaPath:"#/$defs/canary/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs31 = errors;
for(const key1 in data14){
if(!((((((((key1 === "release") || (key1 === "phase")) || (key1 === "stage")) || (key1 === "place")) || (key1 === "weight")) || (key1 === "reason")) || (key1 === "after")) || (key1 === "begins"))){
validate22.errors = [{instancePath:instancePath+"/canaryReleases/" + i2,schemaPath:"#/$defs/canary/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs31 === errors){
if(data14.release !== undefined){
const _errs32 = errors;
if(typeof data14.release !== "string"){
validate22.errors = [{instancePath:instancePath+"/canaryReleases/" + i2+"/release",schemaPath:"#/$defs/canary/properties/release/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid5 = _errs32 === errors;
}
else {
var valid5 = true;
}
if(valid5){
if(data14.phase !== undefined){
let data16 = data14.phase;
const _errs34 = errors;
if(!((((((data16 === "not-begun") || (data16 === "progressing")) || (data16 === "paused")) || (data16 === "aborting")) || (data16 === "aborted")) || (data16 === "through"))){
validate22.errors = [{instancePath:instancePath+"/canaryReleases/" + i2+"/phase",schemaPath:"#/$defs/canary/properties/phase/enum",keyword:"enum",params:{allowedValues: schema47.properties.phase.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid5 = _errs34 === errors;
}
else {
var valid5 = true;
}
if(valid5){
if(data14.stage !== undefined){
const _errs35 = errors;
if(typeof data14.stage !== "string"){
validate22.errors = [{instancePath:instancePath+"/canaryReleases/" + i2+"/stage",schemaPath:"#/$defs/canary/properties/stage/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid5 = _errs35 === errors;
}
else {
var valid5 = true;
}
if(valid5){
if(data14.place !== undefined){
const _errs37 = errors;
if(typeof data14.place !== "string"){
validate22.errors = [{instancePath:instancePath+"/canaryReleases/" + i2+"/place",schemaPath:"#/$defs/canary/properties/place/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid5 = _errs37 === errors;
}
else {
var valid5 = true;
}
if(valid5){
if(data14.weight !== undefined){
let data19 = data14.weight;
const _errs39 = errors;
if(!((typeof data19 == "number") && (isFinite(data19)))){
validate22.errors = [{instancePath:instancePath+"/canaryReleases/" + i2+"/weight",schemaPath:"#/$defs/canary/properties/weight/type",keyword:"type",params:{type: "number"},message:"must be number"}];
return false;
}
var valid5 = _errs39 === errors;
}
else {
var valid5 = true;
}
if(valid5){
if(data14.reason !== undefined){
const _errs41 = errors;
if(typeof data14.reason !== "string"){
validate22.errors = [{instancePath:instancePath+"/canaryReleases/" + i2+"/reason",schemaPath:"#/$defs/canary/properties/reason/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid5 = _errs41 === errors;
}
else {
var valid5 = true;
}
if(valid5){
if(data14.after !== undefined){
let data21 = data14.after;
const _errs43 = errors;
if(errors === _errs43){
if(Array.isArray(data21)){
var valid6 = true;
const len3 = data21.length;
for(let i3=0; i3<len3; i3++){
const _errs45 = errors;
if(typeof data21[i3] !== "string"){
validate22.errors = [{instancePath:instancePath+"/canaryReleases/" + i2+"/after/" + i3,schemaPath:"#/$defs/canary/properties/after/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid6 = _errs45 === errors;
if(!valid6){
break;
}
}
}
else {
validate22.errors = [{instancePath:instancePath+"/canaryReleases/" + i2+"/after",schemaPath:"#/$defs/canary/properties/after/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid5 = _errs43 === errors;
}
else {
var valid5 = true;
}
if(valid5){
if(data14.begins !== undefined){
let data23 = data14.begins;
const _errs47 = errors;
if(errors === _errs47){
if(Array.isArray(data23)){
var valid7 = true;
const len4 = data23.length;
for(let i4=0; i4<len4; i4++){
const _errs49 = errors;
if(typeof data23[i4] !== "string"){
validate22.errors = [{instancePath:instancePath+"/canaryReleases/" + i2+"/begins/" + i4,schemaPath:"#/$defs/canary/properties/begins/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid7 = _errs49 === errors;
if(!valid7){
break;
}
}
}
else {
validate22.errors = [{instancePath:instancePath+"/canaryReleases/" + i2+"/begins",schemaPath:"#/$defs/canary/properties/begins/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid5 = _errs47 === errors;
}
else {
var valid5 = true;
}
}
}
}
}
}
}
}
}
}
}
else {
validate22.errors = [{instancePath:instancePath+"/canaryReleases/" + i2,schemaPath:"#/$defs/canary/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid3 = _errs28 === errors;
if(!valid3){
break;
}
}
}
else {
validate22.errors = [{instancePath:instancePath+"/canaryReleases",schemaPath:"#/properties/canaryReleases/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs26 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
validate22.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate22.errors = vErrors;
return errors === 0;
}
validate22.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const schema91 = {"type":"object","additionalProperties":false,"required":["waves"],"properties":{"waves":{"type":"array","items":{"$ref":"#/$defs/wave"}},"onFailure":{"const":"rollback"},"onUnreachable":{"const":"continue"}}};
const schema92 = {"type":"object","additionalProperties":false,"required":["name","clusters"],"properties":{"name":{"$ref":"#/$defs/name"},"clusters":{"type":"array","items":{"$ref":"#/$defs/name"}},"maxParallelClusters":{"type":"integer","minimum":1},"soakMs":{"$ref":"#/$defs/milliseconds"},"gates":{"type":"array","items":{"type":"object","required":["type"],"oneOf":[{"$ref":"#/$defs/commandGate"},{"$ref":"#/$defs/httpGate"},{"$ref":"#/$defs/prometheusGate"}]}}}};
const schema51 = {"type":"string","pattern":"^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$"};
const schema95 = {"type":"integer","minimum":0,"maximum":604800000};
const pattern7 = new RegExp("^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$", "u");
const schema96 = {"type":"object","additionalProperties":false,"required":["type","name","timeoutMs","command"],"properties":{"type":{"const":"command"},"name":{"$ref":"#/$defs/gateName"},"timeoutMs":{"$ref":"#/$defs/milliseconds"},"retryMs":{"$ref":"#/$defs/milliseconds"},"command":{"type":"array","minItems":1,"items":{"type":"string"}}}};
const schema97 = {"type":"string"};

function validate70(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate70.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.type === undefined) && (missing0 = "type")) || ((data.name === undefined) && (missing0 = "name"))) || ((data.timeoutMs === undefined) && (missing0 = "timeoutMs"))) || ((data.command === undefined) && (missing0 = "command"))){
validate70.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!(((((key0 === "type") || (key0 === "name")) || (key0 === "timeoutMs")) || (key0 === "retryMs")) || (key0 === "command"))){
validate70.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.type !== undefined){
const _errs2 = errors;
if("command" !== data.type){
validate70.errors = [{instancePath:instancePath+"/type",schemaPath:"#/properties/type/const",keyword:"const",params:{allowedValue: "command"},message:"must be equal to constant"}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.name !== undefined){
const _errs3 = errors;
if(typeof data.name !== "string"){
validate70.errors = [{instancePath:instancePath+"/name",schemaPath:"#/$defs/gateName/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.timeoutMs !== undefined){
let data2 = data.timeoutMs;
const _errs6 = errors;
const _errs7 = errors;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
validate70.errors = [{instancePath:instancePath+"/timeoutMs",schemaPath:"#/$defs/milliseconds/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs7){
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 > 604800000 || isNaN(data2)){
validate70.errors = [{instancePath:instancePath+"/timeoutMs",schemaPath:"#/$defs/milliseconds/maximum",keyword:"maximum",params:{comparison: "<=", limit: 604800000},message:"must be <= 604800000"}];
return false;
}
else {
if(data2 < 0 || isNaN(data2)){
validate70.errors = [{instancePath:instancePath+"/timeoutMs",schemaPath:"#/$defs/milliseconds/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.retryMs !== undefined){
let data3 = data.retryMs;
const _errs9 = errors;
const _errs10 = errors;
if(!(((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3))) && (isFinite(data3)))){
validate70.errors = [{instancePath:instancePath+"/retryMs",schemaPath:"#/$defs/milliseconds/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs10){
if((typeof data3 == "number") && (isFinite(data3))){
if(data3 > 604800000 || isNaN(data3)){
validate70.errors = [{instancePath:instancePath+"/retryMs",schemaPath:"#/$defs/milliseconds/maximum",keyword:"maximum",params:{comparison: "<=", limit: 604800000},message:"must be <= 604800000"}];
return false;
}
else {
if(data3 < 0 || isNaN(data3)){
validate70.errors = [{instancePath:instancePath+"/retryMs",schemaPath:"#/$defs/milliseconds/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.command !== undefined){
let data4 = data.command;
const _errs12 = errors;
if(errors === _errs12){
if(Array.isArray(data4)){
if(data4.length < 1){
validate70.errors = [{instancePath:instancePath+"/command",schemaPath:"#/properties/command/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items"}];
return false;
}
else {
var valid4 = true;
const len0 = data4.length;
for(let i0=0; i0<len0; i0++){
const _errs14 = errors;
if(typeof data4[i0] !== "string"){
validate70.errors = [{instancePath:instancePath+"/command/" + i0,schemaPath:"#/properties/command/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid4 = _errs14 === errors;
if(!valid4){
break;
}
}
}
}
else {
validate70.errors = [{instancePath:instancePath+"/command",schemaPath:"#/properties/command/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs12 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
else {
validate70.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate70.errors = vErrors;
return errors === 0;
}
validate70.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const schema100 = {"type":"object","additionalProperties":false,"required":["type","name","timeoutMs","url"],"properties":{"type":{"const":"http"},"name":{"$ref":"#/$defs/gateName"},"timeoutMs":{"$ref":"#/$defs/milliseconds"},"retryMs":{"$ref":"#/$defs/milliseconds"},"url":{"$ref":"#/$defs/gateUrl"},"status":{"type":"integer","minimum":100,"maximum":599},"contains":{"type":"string"}}};
const schema104 = {"type":"string","pattern":"^https?://"};
const pattern34 = new RegExp("^https?://", "u");

function validate72(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate72.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.type === undefined) && (missing0 = "type")) || ((data.name === undefined) && (missing0 = "name"))) || ((data.timeoutMs === undefined) && (missing0 = "timeoutMs"))) || ((data.url === undefined) && (missing0 = "url"))){
validate72.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!(((((((key0 === "type") || (key0 === "name")) || (key0 === "timeoutMs")) || (key0 === "retryMs")) || (key0 === "url")) || (key0 === "status")) || (key0 === "contains"))){
validate72.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.type !== undefined){
const _errs2 = errors;
if("http" !== data.type){
validate72.errors = [{instancePath:instancePath+"/type",schemaPath:"#/properties/type/const",keyword:"const",params:{allowedValue: "http"},message:"must be equal to constant"}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.name !== undefined){
const _errs3 = errors;
if(typeof data.name !== "string"){
validate72.errors = [{instancePath:instancePath+"/name",schemaPath:"#/$defs/gateName/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.timeoutMs !== undefined){
let data2 = data.timeoutMs;
const _errs6 = errors;
const _errs7 = errors;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
validate72.errors = [{instancePath:instancePath+"/timeoutMs",schemaPath:"#/$defs/milliseconds/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs7){
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 > 604800000 || isNaN(data2)){
validate72.errors = [{instancePath:instancePath+"/timeoutMs",schemaPath:"#/$defs/milliseconds/maximum",keyword:"maximum",params:{comparison: "<=", limit: 604800000},message:"must be <= 604800000"}];
return false;
}
else {
if(data2 < 0 || isNaN(data2)){
validate72.errors = [{instancePath:instancePath+"/timeoutMs",schemaPath:"#/$defs/milliseconds/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.retryMs !== undefined){
let data3 = data.retryMs;
const _errs9 = errors;
const _errs10 = errors;
if(!(((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3))) && (isFinite(data3)))){
validate72.errors = [{instancePath:instancePath+"/retryMs",schemaPath:"#/$defs/milliseconds/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs10){
if((typeof data3 == "number") && (isFinite(data3))){
if(data3 > 604800000 || isNaN(data3)){
validate72.errors = [{instancePath:instancePath+"/retryMs",schemaPath:"#/$defs/milliseconds/maximum",keyword:"maximum",params:{comparison: "<=", limit: 604800000},message:"must be <= 604800000"}];
return false;
}
else {
if(data3 < 0 || isNaN(data3)){
validate72.errors = [{instancePath:instancePath+"/retryMs",schemaPath:"#/$defs/milliseconds/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.url !== undefined){
let data4 = data.url;
const _errs12 = errors;
const _errs13 = errors;
if(errors === _errs13){
if(typeof data4 === "string"){
if(!pattern34.test(data4)){
validate72.errors = [{instancePath:instancePath+"/url",schemaPath:"#/$defs/gateUrl/pattern",keyword:"pattern",params:{pattern: "^https?://"},message:"must match pattern \""+"^https?://"+"\""}];
return false;
}
}
else {
validate72.errors = [{instancePath:instancePath+"/url",schemaPath:"#/$defs/gateUrl/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs12 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.status !== undefined){
let data5 = data.status;
const _errs15 = errors;
if(!(((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5))) && (isFinite(data5)))){
validate72.errors = [{instancePath:instancePath+"/status",schemaPath:"#/properties/status/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs15){
if((typeof data5 == "number") && (isFinite(data5))){
if(data5 > 599 || isNaN(data5)){
validate72.errors = [{instancePath:instancePath+"/status",schemaPath:"#/properties/status/maximum",keyword:"maximum",params:{comparison: "<=", limit: 599},message:"must be <= 599"}];
return false;
}
else {
if(data5 < 100 || isNaN(data5)){
validate72.errors = [{instancePath:instancePath+"/status",schemaPath:"#/properties/status/minimum",keyword:"minimum",params:{comparison: ">=", limit: 100},message:"must be >= 100"}];
return false;
}
}
}
}
var valid0 = _errs15 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.contains !== undefined){
const _errs17 = errors;
if(typeof data.contains !== "string"){
validate72.errors = [{instancePath:instancePath+"/contains",schemaPath:"#/properties/contains/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs17 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
else {
validate72.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate72.errors = vErrors;
return errors === 0;
}
validate72.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const schema105 = {"type":"object","additionalProperties":false,"required":["type","name","timeoutMs","url","query"],"properties":{"type":{"const":"prometheus"},"name":{"$ref":"#/$defs/gateName"},"timeoutMs":{"$ref":"#/$defs/milliseconds"},"retryMs":{"$ref":"#/$defs/milliseconds"},"url":{"$ref":"#/$defs/gateUrl"},"query":{"type":"string"},"atLeast":{"type":"number"},"atMost":{"type":"number"}}};

function validate74(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate74.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((((data.type === undefined) && (missing0 = "type")) || ((data.name === undefined) && (missing0 = "name"))) || ((data.timeoutMs === undefined) && (missing0 = "timeoutMs"))) || ((data.url === undefined) && (missing0 = "url"))) || ((data.query === undefined) && (missing0 = "query"))){
validate74.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!((((((((key0 === "type") || (key0 === "name")) || (key0 === "timeoutMs")) || (key0 === "retryMs")) || (key0 === "url")) || (key0 === "query")) || (key0 === "atLeast")) || (key0 === "atMost"))){
validate74.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.type !== undefined){
const _errs2 = errors;
if("prometheus" !== data.type){
validate74.errors = [{instancePath:instancePath+"/type",schemaPath:"#/properties/type/const",keyword:"const",params:{allowedValue: "prometheus"},message:"must be equal to constant"}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.name !== undefined){
const _errs3 = errors;
if(typeof data.name !== "string"){
validate74.errors = [{instancePath:instancePath+"/name",schemaPath:"#/$defs/gateName/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.timeoutMs !== undefined){
let data2 = data.timeoutMs;
const _errs6 = errors;
const _errs7 = errors;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
validate74.errors = [{instancePath:instancePath+"/timeoutMs",schemaPath:"#/$defs/milliseconds/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs7){
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 > 604800000 || isNaN(data2)){
validate74.errors = [{instancePath:instancePath+"/timeoutMs",schemaPath:"#/$defs/milliseconds/maximum",keyword:"maximum",params:{comparison: "<=", limit: 604800000},message:"must be <= 604800000"}];
return false;
}
else {
if(data2 < 0 || isNaN(data2)){
validate74.errors = [{instancePath:instancePath+"/timeoutMs",schemaPath:"#/$defs/milliseconds/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.retryMs !== undefined){
let data3 = data.retryMs;
const _errs9 = errors;
const _errs10 = errors;
if(!(((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3))) && (isFinite(data3)))){
validate74.errors = [{instancePath:instancePath+"/retryMs",schemaPath:"#/$defs/milliseconds/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs10){
if((typeof data3 == "number") && (isFinite(data3))){
if(data3 > 604800000 || isNaN(data3)){
validate74.errors = [{instancePath:instancePath+"/retryMs",schemaPath:"#/$defs/milliseconds/maximum",keyword:"maximum",params:{comparison: "<=", limit: 604800000},message:"must be <= 604800000"}];
return false;
}
else {
if(data3 < 0 || isNaN(data3)){
validate74.errors = [{instancePath:instancePath+"/retryMs",schemaPath:"#/$defs/milliseconds/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
}
var valid0 = _errs9 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.url !== undefined){
let data4 = data.url;
const _errs12 = errors;
const _errs13 = errors;
if(errors === _errs13){
if(typeof data4 === "string"){
if(!pattern34.test(data4)){
validate74.errors = [{instancePath:instancePath+"/url",schemaPath:"#/$defs/gateUrl/pattern",keyword:"pattern",params:{pattern: "^https?://"},message:"must match pattern \""+"^https?://"+"\""}];
return false;
}
}
else {
validate74.errors = [{instancePath:instancePath+"/url",schemaPath:"#/$defs/gateUrl/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs12 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.query !== undefined){
const _errs15 = errors;
if(typeof data.query !== "string"){
validate74.errors = [{instancePath:instancePath+"/query",schemaPath:"#/properties/query/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs15 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.atLeast !== undefined){
let data6 = data.atLeast;
const _errs17 = errors;
if(!((typeof data6 == "number") && (isFinite(data6)))){
validate74.errors = [{instancePath:instancePath+"/atLeast",schemaPath:"#/properties/atLeast/type",keyword:"type",params:{type: "number"},message:"must be number"}];
return false;
}
var valid0 = _errs17 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.atMost !== undefined){
let data7 = data.atMost;
const _errs19 = errors;
if(!((typeof data7 == "number") && (isFinite(data7)))){
validate74.errors = [{instancePath:instancePath+"/atMost",schemaPath:"#/properties/atMost/type",keyword:"type",params:{type: "number"},message:"must be number"}];
return false;
}
var valid0 = _errs19 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
}
else {
validate74.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate74.errors = vErrors;
return errors === 0;
}
validate74.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};


function validate69(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate69.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.name === undefined) && (missing0 = "name")) || ((data.clusters === undefined) && (missing0 = "clusters"))){
validate69.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!(((((key0 === "name") || (key0 === "clusters")) || (key0 === "maxParallelClusters")) || (key0 === "soakMs")) || (key0 === "gates"))){
validate69.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.name !== undefined){
let data0 = data.name;
const _errs2 = errors;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data0 === "string"){
if(!pattern7.test(data0)){
validate69.errors = [{instancePath:instancePath+"/name",schemaPath:"#/$defs/name/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$"},message:"must match pattern \""+"^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$"+"\""}];
return false;
}
}
else {
validate69.errors = [{instancePath:instancePath+"/name",schemaPath:"#/$defs/name/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.clusters !== undefined){
let data1 = data.clusters;
const _errs5 = errors;
if(errors === _errs5){
if(Array.isArray(data1)){
var valid2 = true;
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
let data2 = data1[i0];
const _errs7 = errors;
const _errs8 = errors;
if(errors === _errs8){
if(typeof data2 === "string"){
if(!pattern7.test(data2)){
validate69.errors = [{instancePath:instancePath+"/clusters/" + i0,schemaPath:"#/$defs/name/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$"},message:"must match pattern \""+"^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$"+"\""}];
return false;
}
}
else {
validate69.errors = [{instancePath:instancePath+"/clusters/" + i0,schemaPath:"#/$defs/name/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs7 === errors;
if(!valid2){
break;
}
}
}
else {
validate69.errors = [{instancePath:instancePath+"/clusters",schemaPath:"#/properties/clusters/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.maxParallelClusters !== undefined){
let data3 = data.maxParallelClusters;
const _errs10 = errors;
if(!(((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3))) && (isFinite(data3)))){
validate69.errors = [{instancePath:instancePath+"/maxParallelClusters",schemaPath:"#/properties/maxParallelClusters/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs10){
if((typeof data3 == "number") && (isFinite(data3))){
if(data3 < 1 || isNaN(data3)){
validate69.errors = [{instancePath:instancePath+"/maxParallelClusters",schemaPath:"#/properties/maxParallelClusters/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"}];
return false;
}
}
}
var valid0 = _errs10 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.soakMs !== undefined){
let data4 = data.soakMs;
const _errs12 = errors;
const _errs13 = errors;
if(!(((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4))) && (isFinite(data4)))){
validate69.errors = [{instancePath:instancePath+"/soakMs",schemaPath:"#/$defs/milliseconds/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs13){
if((typeof data4 == "number") && (isFinite(data4))){
if(data4 > 604800000 || isNaN(data4)){
validate69.errors = [{instancePath:instancePath+"/soakMs",schemaPath:"#/$defs/milliseconds/maximum",keyword:"maximum",params:{comparison: "<=", limit: 604800000},message:"must be <= 604800000"}];
return false;
}
else {
if(data4 < 0 || isNaN(data4)){
validate69.errors = [{instancePath:instancePath+"/soakMs",schemaPath:"#/$defs/milliseconds/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
}
var valid0 = _errs12 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.gates !== undefined){
let data5 = data.gates;
const _errs15 = errors;
if(errors === _errs15){
if(Array.isArray(data5)){
var valid5 = true;
const len1 = data5.length;
for(let i1=0; i1<len1; i1++){
let data6 = data5[i1];
const _errs17 = errors;
const _errs19 = errors;
let valid6 = false;
let passing0 = null;
const _errs20 = errors;
if(!(validate70(data6, {instancePath:instancePath+"/gates/" + i1,parentData:data5,parentDataProperty:i1,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate70.errors : vErrors.concat(validate70.errors);
errors = vErrors.length;
}
var _valid0 = _errs20 === errors;
if(_valid0){
valid6 = true;
passing0 = 0;
var props0 = true;
}
const _errs21 = errors;
if(!(validate72(data6, {instancePath:instancePath+"/gates/" + i1,parentData:data5,parentDataProperty:i1,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate72.errors : vErrors.concat(validate72.errors);
errors = vErrors.length;
}
var _valid0 = _errs21 === errors;
if(_valid0 && valid6){
valid6 = false;
passing0 = [passing0, 1];
}
else {
if(_valid0){
valid6 = true;
passing0 = 1;
if(props0 !== true){
props0 = true;
}
}
const _errs22 = errors;
if(!(validate74(data6, {instancePath:instancePath+"/gates/" + i1,parentData:data5,parentDataProperty:i1,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate74.errors : vErrors.concat(validate74.errors);
errors = vErrors.length;
}
var _valid0 = _errs22 === errors;
if(_valid0 && valid6){
valid6 = false;
passing0 = [passing0, 2];
}
else {
if(_valid0){
valid6 = true;
passing0 = 2;
if(props0 !== true){
props0 = true;
}
}
}
}
if(!valid6){
const err0 = {instancePath:instancePath+"/gates/" + i1,schemaPath:"#/properties/gates/items/oneOf",keyword:"oneOf",params:{passingSchemas: passing0},message:"must match exactly one schema in oneOf"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
validate69.errors = vErrors;
return false;
}
else {
errors = _errs19;
if(vErrors !== null){
if(_errs19){
vErrors.length = _errs19;
}
else {
vErrors = null;
}
}
}
if(errors === _errs17){
if(data6 && typeof data6 == "object" && !Array.isArray(data6)){
let missing1;
if((data6.type === undefined) && (missing1 = "type")){
validate69.errors = [{instancePath:instancePath+"/gates/" + i1,schemaPath:"#/properties/gates/items/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
}
else {
validate69.errors = [{instancePath:instancePath+"/gates/" + i1,schemaPath:"#/properties/gates/items/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid5 = _errs17 === errors;
if(!valid5){
break;
}
}
}
else {
validate69.errors = [{instancePath:instancePath+"/gates",schemaPath:"#/properties/gates/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs15 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
else {
validate69.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate69.errors = vErrors;
return errors === 0;
}
validate69.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};


function validate108(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate108.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((data.waves === undefined) && (missing0 = "waves")){
validate108.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!(((key0 === "waves") || (key0 === "onFailure")) || (key0 === "onUnreachable"))){
validate108.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.waves !== undefined){
let data0 = data.waves;
const _errs2 = errors;
if(errors === _errs2){
if(Array.isArray(data0)){
var valid1 = true;
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
const _errs4 = errors;
if(!(validate69(data0[i0], {instancePath:instancePath+"/waves/" + i0,parentData:data0,parentDataProperty:i0,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate69.errors : vErrors.concat(validate69.errors);
errors = vErrors.length;
}
var valid1 = _errs4 === errors;
if(!valid1){
break;
}
}
}
else {
validate108.errors = [{instancePath:instancePath+"/waves",schemaPath:"#/properties/waves/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.onFailure !== undefined){
const _errs5 = errors;
if("rollback" !== data.onFailure){
validate108.errors = [{instancePath:instancePath+"/onFailure",schemaPath:"#/properties/onFailure/const",keyword:"const",params:{allowedValue: "rollback"},message:"must be equal to constant"}];
return false;
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.onUnreachable !== undefined){
const _errs6 = errors;
if("continue" !== data.onUnreachable){
validate108.errors = [{instancePath:instancePath+"/onUnreachable",schemaPath:"#/properties/onUnreachable/const",keyword:"const",params:{allowedValue: "continue"},message:"must be equal to constant"}];
return false;
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
else {
validate108.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate108.errors = vErrors;
return errors === 0;
}
validate108.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const schema144 = {"type":"object","additionalProperties":false,"required":["app","service","needed","without"],"properties":{"app":{"type":"string"},"service":{"type":"string"},"needed":{"$ref":"#/$defs/replicaBounds"},"without":{"type":"array","items":{"type":"object","additionalProperties":false,"required":["cluster","left"],"properties":{"cluster":{"type":"string"},"left":{"$ref":"#/$defs/replicaBounds"}}}}}};
const schema145 = {"type":"object","additionalProperties":false,"required":["fewest","most"],"properties":{"fewest":{"type":"integer","minimum":0},"most":{"type":"integer","minimum":0}}};

function validate111(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate111.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((((data.app === undefined) && (missing0 = "app")) || ((data.service === undefined) && (missing0 = "service"))) || ((data.needed === undefined) && (missing0 = "needed"))) || ((data.without === undefined) && (missing0 = "without"))){
validate111.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!((((key0 === "app") || (key0 === "service")) || (key0 === "needed")) || (key0 === "without"))){
validate111.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.app !== undefined){
const _errs2 = errors;
if(typeof data.app !== "string"){
validate111.errors = [{instancePath:instancePath+"/app",schemaPath:"#/properties/app/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.service !== undefined){
const _errs4 = errors;
if(typeof data.service !== "string"){
validate111.errors = [{instancePath:instancePath+"/service",schemaPath:"#/properties/service/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.needed !== undefined){
let data2 = data.needed;
const _errs6 = errors;
const _errs7 = errors;
if(errors === _errs7){
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
let missing1;
if(((data2.fewest === undefined) && (missing1 = "fewest")) || ((data2.most === undefined) && (missing1 = "most"))){
validate111.errors = [{instancePath:instancePath+"/needed",schemaPath:"#/$defs/replicaBounds/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs9 = errors;
for(const key1 in data2){
if(!((key1 === "fewest") || (key1 === "most"))){
validate111.errors = [{instancePath:instancePath+"/needed",schemaPath:"#/$defs/replicaBounds/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs9 === errors){
if(data2.fewest !== undefined){
let data3 = data2.fewest;
const _errs10 = errors;
if(!(((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3))) && (isFinite(data3)))){
validate111.errors = [{instancePath:instancePath+"/needed/fewest",schemaPath:"#/$defs/replicaBounds/properties/fewest/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs10){
if((typeof data3 == "number") && (isFinite(data3))){
if(data3 < 0 || isNaN(data3)){
validate111.errors = [{instancePath:instancePath+"/needed/fewest",schemaPath:"#/$defs/replicaBounds/properties/fewest/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid2 = _errs10 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data2.most !== undefined){
let data4 = data2.most;
const _errs12 = errors;
if(!(((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4))) && (isFinite(data4)))){
validate111.errors = [{instancePath:instancePath+"/needed/most",schemaPath:"#/$defs/replicaBounds/properties/most/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs12){
if((typeof data4 == "number") && (isFinite(data4))){
if(data4 < 0 || isNaN(data4)){
validate111.errors = [{instancePath:instancePath+"/needed/most",schemaPath:"#/$defs/replicaBounds/properties/most/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid2 = _errs12 === errors;
}
else {
var valid2 = true;
}
}
}
}
}
else {
validate111.errors = [{instancePath:instancePath+"/needed",schemaPath:"#/$defs/replicaBounds/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs6 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.without !== undefined){
let data5 = data.without;
const _errs14 = errors;
if(errors === _errs14){
if(Array.isArray(data5)){
var valid3 = true;
const len0 = data5.length;
for(let i0=0; i0<len0; i0++){
let data6 = data5[i0];
const _errs16 = errors;
if(errors === _errs16){
if(data6 && typeof data6 == "object" && !Array.isArray(data6)){
let missing2;
if(((data6.cluster === undefined) && (missing2 = "cluster")) || ((data6.left === undefined) && (missing2 = "left"))){
validate111.errors = [{instancePath:instancePath+"/without/" + i0,schemaPath:"#/properties/without/items/required",keyword:"required",params:{missingProperty: missing2},message:"must have required property '"+missing2+"'"}];
return false;
}
else {
const _errs18 = errors;
for(const key2 in data6){
if(!((key2 === "cluster") || (key2 === "left"))){
validate111.errors = [{instancePath:instancePath+"/without/" + i0,schemaPath:"#/properties/without/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs18 === errors){
if(data6.cluster !== undefined){
const _errs19 = errors;
if(typeof data6.cluster !== "string"){
validate111.errors = [{instancePath:instancePath+"/without/" + i0+"/cluster",schemaPath:"#/properties/without/items/properties/cluster/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid4 = _errs19 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data6.left !== undefined){
let data8 = data6.left;
const _errs21 = errors;
const _errs22 = errors;
if(errors === _errs22){
if(data8 && typeof data8 == "object" && !Array.isArray(data8)){
let missing3;
if(((data8.fewest === undefined) && (missing3 = "fewest")) || ((data8.most === undefined) && (missing3 = "most"))){
validate111.errors = [{instancePath:instancePath+"/without/" + i0+"/left",schemaPath:"#/$defs/replicaBounds/required",keyword:"required",params:{missingProperty: missing3},message:"must have required property '"+missing3+"'"}];
return false;
}
else {
const _errs24 = errors;
for(const key3 in data8){
if(!((key3 === "fewest") || (key3 === "most"))){
validate111.errors = [{instancePath:instancePath+"/without/" + i0+"/left",schemaPath:"#/$defs/replicaBounds/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs24 === errors){
if(data8.fewest !== undefined){
let data9 = data8.fewest;
const _errs25 = errors;
if(!(((typeof data9 == "number") && (!(data9 % 1) && !isNaN(data9))) && (isFinite(data9)))){
validate111.errors = [{instancePath:instancePath+"/without/" + i0+"/left/fewest",schemaPath:"#/$defs/replicaBounds/properties/fewest/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs25){
if((typeof data9 == "number") && (isFinite(data9))){
if(data9 < 0 || isNaN(data9)){
validate111.errors = [{instancePath:instancePath+"/without/" + i0+"/left/fewest",schemaPath:"#/$defs/replicaBounds/properties/fewest/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid6 = _errs25 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data8.most !== undefined){
let data10 = data8.most;
const _errs27 = errors;
if(!(((typeof data10 == "number") && (!(data10 % 1) && !isNaN(data10))) && (isFinite(data10)))){
validate111.errors = [{instancePath:instancePath+"/without/" + i0+"/left/most",schemaPath:"#/$defs/replicaBounds/properties/most/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs27){
if((typeof data10 == "number") && (isFinite(data10))){
if(data10 < 0 || isNaN(data10)){
validate111.errors = [{instancePath:instancePath+"/without/" + i0+"/left/most",schemaPath:"#/$defs/replicaBounds/properties/most/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid6 = _errs27 === errors;
}
else {
var valid6 = true;
}
}
}
}
}
else {
validate111.errors = [{instancePath:instancePath+"/without/" + i0+"/left",schemaPath:"#/$defs/replicaBounds/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid4 = _errs21 === errors;
}
else {
var valid4 = true;
}
}
}
}
}
else {
validate111.errors = [{instancePath:instancePath+"/without/" + i0,schemaPath:"#/properties/without/items/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid3 = _errs16 === errors;
if(!valid3){
break;
}
}
}
else {
validate111.errors = [{instancePath:instancePath+"/without",schemaPath:"#/properties/without/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs14 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
else {
validate111.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate111.errors = vErrors;
return errors === 0;
}
validate111.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const schema148 = {"type":"object","additionalProperties":false,"required":["service","receivers","donors"],"properties":{"service":{"type":"string"},"receivers":{"type":"array","items":{"type":"object","additionalProperties":false,"required":["cluster","after","workloads"],"properties":{"cluster":{"type":"string"},"before":{"$ref":"#/$defs/replicas"},"after":{"$ref":"#/$defs/replicas"},"workloads":{"type":"array","items":{"type":"object","additionalProperties":false,"required":["id","fewest"],"properties":{"id":{"$ref":"#/$defs/id"},"fewest":{"$ref":"#/$defs/replicas"},"scaler":{"$ref":"#/$defs/id"}}}}}}},"donors":{"type":"array","items":{"type":"object","additionalProperties":false,"required":["cluster","after","writes"],"properties":{"cluster":{"type":"string"},"before":{"$ref":"#/$defs/replicas"},"after":{"$ref":"#/$defs/replicas"},"writes":{"type":"array","items":{"type":"object","additionalProperties":false,"required":["id"],"properties":{"id":{"$ref":"#/$defs/id"},"keeps":{"type":"integer","minimum":0}}}}}}}}};
const schema149 = {"type":"integer","minimum":0};

function validate113(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate113.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((data.service === undefined) && (missing0 = "service")) || ((data.receivers === undefined) && (missing0 = "receivers"))) || ((data.donors === undefined) && (missing0 = "donors"))){
validate113.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!(((key0 === "service") || (key0 === "receivers")) || (key0 === "donors"))){
validate113.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.service !== undefined){
const _errs2 = errors;
if(typeof data.service !== "string"){
validate113.errors = [{instancePath:instancePath+"/service",schemaPath:"#/properties/service/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.receivers !== undefined){
let data1 = data.receivers;
const _errs4 = errors;
if(errors === _errs4){
if(Array.isArray(data1)){
var valid1 = true;
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
let data2 = data1[i0];
const _errs6 = errors;
if(errors === _errs6){
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
let missing1;
if((((data2.cluster === undefined) && (missing1 = "cluster")) || ((data2.after === undefined) && (missing1 = "after"))) || ((data2.workloads === undefined) && (missing1 = "workloads"))){
validate113.errors = [{instancePath:instancePath+"/receivers/" + i0,schemaPath:"#/properties/receivers/items/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs8 = errors;
for(const key1 in data2){
if(!((((key1 === "cluster") || (key1 === "before")) || (key1 === "after")) || (key1 === "workloads"))){
validate113.errors = [{instancePath:instancePath+"/receivers/" + i0,schemaPath:"#/properties/receivers/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs8 === errors){
if(data2.cluster !== undefined){
const _errs9 = errors;
if(typeof data2.cluster !== "string"){
validate113.errors = [{instancePath:instancePath+"/receivers/" + i0+"/cluster",schemaPath:"#/properties/receivers/items/properties/cluster/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid2 = _errs9 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data2.before !== undefined){
let data4 = data2.before;
const _errs11 = errors;
const _errs12 = errors;
if(!(((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4))) && (isFinite(data4)))){
validate113.errors = [{instancePath:instancePath+"/receivers/" + i0+"/before",schemaPath:"#/$defs/replicas/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs12){
if((typeof data4 == "number") && (isFinite(data4))){
if(data4 < 0 || isNaN(data4)){
validate113.errors = [{instancePath:instancePath+"/receivers/" + i0+"/before",schemaPath:"#/$defs/replicas/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid2 = _errs11 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data2.after !== undefined){
let data5 = data2.after;
const _errs14 = errors;
const _errs15 = errors;
if(!(((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5))) && (isFinite(data5)))){
validate113.errors = [{instancePath:instancePath+"/receivers/" + i0+"/after",schemaPath:"#/$defs/replicas/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs15){
if((typeof data5 == "number") && (isFinite(data5))){
if(data5 < 0 || isNaN(data5)){
validate113.errors = [{instancePath:instancePath+"/receivers/" + i0+"/after",schemaPath:"#/$defs/replicas/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid2 = _errs14 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data2.workloads !== undefined){
let data6 = data2.workloads;
const _errs17 = errors;
if(errors === _errs17){
if(Array.isArray(data6)){
var valid5 = true;
const len1 = data6.length;
for(let i1=0; i1<len1; i1++){
let data7 = data6[i1];
const _errs19 = errors;
if(errors === _errs19){
if(data7 && typeof data7 == "object" && !Array.isArray(data7)){
let missing2;
if(((data7.id === undefined) && (missing2 = "id")) || ((data7.fewest === undefined) && (missing2 = "fewest"))){
validate113.errors = [{instancePath:instancePath+"/receivers/" + i0+"/workloads/" + i1,schemaPath:"#/properties/receivers/items/properties/workloads/items/required",keyword:"required",params:{missingProperty: missing2},message:"must have required property '"+missing2+"'"}];
return false;
}
else {
const _errs21 = errors;
for(const key2 in data7){
if(!(((key2 === "id") || (key2 === "fewest")) || (key2 === "scaler"))){
validate113.errors = [{instancePath:instancePath+"/receivers/" + i0+"/workloads/" + i1,schemaPath:"#/properties/receivers/items/properties/workloads/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs21 === errors){
if(data7.id !== undefined){
let data8 = data7.id;
const _errs22 = errors;
const _errs23 = errors;
if(errors === _errs23){
if(data8 && typeof data8 == "object" && !Array.isArray(data8)){
let missing3;
if(((((data8.group === undefined) && (missing3 = "group")) || ((data8.kind === undefined) && (missing3 = "kind"))) || ((data8.namespace === undefined) && (missing3 = "namespace"))) || ((data8.name === undefined) && (missing3 = "name"))){
validate113.errors = [{instancePath:instancePath+"/receivers/" + i0+"/workloads/" + i1+"/id",schemaPath:"#/$defs/id/required",keyword:"required",params:{missingProperty: missing3},message:"must have required property '"+missing3+"'"}];
return false;
}
else {
const _errs25 = errors;
for(const key3 in data8){
if(!((((key3 === "group") || (key3 === "kind")) || (key3 === "namespace")) || (key3 === "name"))){
validate113.errors = [{instancePath:instancePath+"/receivers/" + i0+"/workloads/" + i1+"/id",schemaPath:"#/$defs/id/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs25 === errors){
if(data8.group !== undefined){
const _errs26 = errors;
if(typeof data8.group !== "string"){
validate113.errors = [{instancePath:instancePath+"/receivers/" + i0+"/workloads/" + i1+"/id/group",schemaPath:"#/$defs/id/properties/group/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid8 = _errs26 === errors;
}
else {
var valid8 = true;
}
if(valid8){
if(data8.kind !== undefined){
const _errs28 = errors;
if(typeof data8.kind !== "string"){
validate113.errors = [{instancePath:instancePath+"/receivers/" + i0+"/workloads/" + i1+"/id/kind",schemaPath:"#/$defs/id/properties/kind/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid8 = _errs28 === errors;
}
else {
var valid8 = true;
}
if(valid8){
if(data8.namespace !== undefined){
const _errs30 = errors;
if(typeof data8.namespace !== "string"){
validate113.errors = [{instancePath:instancePath+"/receivers/" + i0+"/workloads/" + i1+"/id/namespace",schemaPath:"#/$defs/id/properties/namespace/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid8 = _errs30 === errors;
}
else {
var valid8 = true;
}
if(valid8){
if(data8.name !== undefined){
const _errs32 = errors;
if(typeof data8.name !== "string"){
validate113.errors = [{instancePath:instancePath+"/receivers/" + i0+"/workloads/" + i1+"/id/name",schemaPath:"#/$defs/id/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid8 = _errs32 === errors;
}
else {
var valid8 = true;
}
}
}
}
}
}
}
else {
validate113.errors = [{instancePath:instancePath+"/receivers/" + i0+"/workloads/" + i1+"/id",schemaPath:"#/$defs/id/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid6 = _errs22 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data7.fewest !== undefined){
let data13 = data7.fewest;
const _errs34 = errors;
const _errs35 = errors;
if(!(((typeof data13 == "number") && (!(data13 % 1) && !isNaN(data13))) && (isFinite(data13)))){
validate113.errors = [{instancePath:instancePath+"/receivers/" + i0+"/workloads/" + i1+"/fewest",schemaPath:"#/$defs/replicas/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs35){
if((typeof data13 == "number") && (isFinite(data13))){
if(data13 < 0 || isNaN(data13)){
validate113.errors = [{instancePath:instancePath+"/receivers/" + i0+"/workloads/" + i1+"/fewest",schemaPath:"#/$defs/replicas/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid6 = _errs34 === errors;
}
else {
var valid6 = true;
}
if(valid6){
if(data7.scaler !== undefined){
let data14 = data7.scaler;
const _errs37 = errors;
const _errs38 = errors;
if(errors === _errs38){
if(data14 && typeof data14 == "object" && !Array.isArray(data14)){
let missing4;
if(((((data14.group === undefined) && (missing4 = "group")) || ((data14.kind === undefined) && (missing4 = "kind"))) || ((data14.namespace === undefined) && (missing4 = "namespace"))) || ((data14.name === undefined) && (missing4 = "name"))){
validate113.errors = [{instancePath:instancePath+"/receivers/" + i0+"/workloads/" + i1+"/scaler",schemaPath:"#/$defs/id/required",keyword:"required",params:{missingProperty: missing4},message:"must have required property '"+missing4+"'"}];
return false;
}
else {
const _errs40 = errors;
for(const key4 in data14){
if(!((((key4 === "group") || (key4 === "kind")) || (key4 === "namespace")) || (key4 === "name"))){
validate113.errors = [{instancePath:instancePath+"/receivers/" + i0+"/workloads/" + i1+"/scaler",schemaPath:"#/$defs/id/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key4},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs40 === errors){
if(data14.group !== undefined){
const _errs41 = errors;
if(typeof data14.group !== "string"){
validate113.errors = [{instancePath:instancePath+"/receivers/" + i0+"/workloads/" + i1+"/scaler/group",schemaPath:"#/$defs/id/properties/group/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid11 = _errs41 === errors;
}
else {
var valid11 = true;
}
if(valid11){
if(data14.kind !== undefined){
const _errs43 = errors;
if(typeof data14.kind !== "string"){
validate113.errors = [{instancePath:instancePath+"/receivers/" + i0+"/workloads/" + i1+"/scaler/kind",schemaPath:"#/$defs/id/properties/kind/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid11 = _errs43 === errors;
}
else {
var valid11 = true;
}
if(valid11){
if(data14.namespace !== undefined){
const _errs45 = errors;
if(typeof data14.namespace !== "string"){
validate113.errors = [{instancePath:instancePath+"/receivers/" + i0+"/workloads/" + i1+"/scaler/namespace",schemaPath:"#/$defs/id/properties/namespace/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid11 = _errs45 === errors;
}
else {
var valid11 = true;
}
if(valid11){
if(data14.name !== undefined){
const _errs47 = errors;
if(typeof data14.name !== "string"){
validate113.errors = [{instancePath:instancePath+"/receivers/" + i0+"/workloads/" + i1+"/scaler/name",schemaPath:"#/$defs/id/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid11 = _errs47 === errors;
}
else {
var valid11 = true;
}
}
}
}
}
}
}
else {
validate113.errors = [{instancePath:instancePath+"/receivers/" + i0+"/workloads/" + i1+"/scaler",schemaPath:"#/$defs/id/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid6 = _errs37 === errors;
}
else {
var valid6 = true;
}
}
}
}
}
}
else {
validate113.errors = [{instancePath:instancePath+"/receivers/" + i0+"/workloads/" + i1,schemaPath:"#/properties/receivers/items/properties/workloads/items/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid5 = _errs19 === errors;
if(!valid5){
break;
}
}
}
else {
validate113.errors = [{instancePath:instancePath+"/receivers/" + i0+"/workloads",schemaPath:"#/properties/receivers/items/properties/workloads/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid2 = _errs17 === errors;
}
else {
var valid2 = true;
}
}
}
}
}
}
}
else {
validate113.errors = [{instancePath:instancePath+"/receivers/" + i0,schemaPath:"#/properties/receivers/items/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid1 = _errs6 === errors;
if(!valid1){
break;
}
}
}
else {
validate113.errors = [{instancePath:instancePath+"/receivers",schemaPath:"#/properties/receivers/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.donors !== undefined){
let data19 = data.donors;
const _errs49 = errors;
if(errors === _errs49){
if(Array.isArray(data19)){
var valid12 = true;
const len2 = data19.length;
for(let i2=0; i2<len2; i2++){
let data20 = data19[i2];
const _errs51 = errors;
if(errors === _errs51){
if(data20 && typeof data20 == "object" && !Array.isArray(data20)){
let missing5;
if((((data20.cluster === undefined) && (missing5 = "cluster")) || ((data20.after === undefined) && (missing5 = "after"))) || ((data20.writes === undefined) && (missing5 = "writes"))){
validate113.errors = [{instancePath:instancePath+"/donors/" + i2,schemaPath:"#/properties/donors/items/required",keyword:"required",params:{missingProperty: missing5},message:"must have required property '"+missing5+"'"}];
return false;
}
else {
const _errs53 = errors;
for(const key5 in data20){
if(!((((key5 === "cluster") || (key5 === "before")) || (key5 === "after")) || (key5 === "writes"))){
validate113.errors = [{instancePath:instancePath+"/donors/" + i2,schemaPath:"#/properties/donors/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key5},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs53 === errors){
if(data20.cluster !== undefined){
const _errs54 = errors;
if(typeof data20.cluster !== "string"){
validate113.errors = [{instancePath:instancePath+"/donors/" + i2+"/cluster",schemaPath:"#/properties/donors/items/properties/cluster/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid13 = _errs54 === errors;
}
else {
var valid13 = true;
}
if(valid13){
if(data20.before !== undefined){
let data22 = data20.before;
const _errs56 = errors;
const _errs57 = errors;
if(!(((typeof data22 == "number") && (!(data22 % 1) && !isNaN(data22))) && (isFinite(data22)))){
validate113.errors = [{instancePath:instancePath+"/donors/" + i2+"/before",schemaPath:"#/$defs/replicas/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs57){
if((typeof data22 == "number") && (isFinite(data22))){
if(data22 < 0 || isNaN(data22)){
validate113.errors = [{instancePath:instancePath+"/donors/" + i2+"/before",schemaPath:"#/$defs/replicas/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid13 = _errs56 === errors;
}
else {
var valid13 = true;
}
if(valid13){
if(data20.after !== undefined){
let data23 = data20.after;
const _errs59 = errors;
const _errs60 = errors;
if(!(((typeof data23 == "number") && (!(data23 % 1) && !isNaN(data23))) && (isFinite(data23)))){
validate113.errors = [{instancePath:instancePath+"/donors/" + i2+"/after",schemaPath:"#/$defs/replicas/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs60){
if((typeof data23 == "number") && (isFinite(data23))){
if(data23 < 0 || isNaN(data23)){
validate113.errors = [{instancePath:instancePath+"/donors/" + i2+"/after",schemaPath:"#/$defs/replicas/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid13 = _errs59 === errors;
}
else {
var valid13 = true;
}
if(valid13){
if(data20.writes !== undefined){
let data24 = data20.writes;
const _errs62 = errors;
if(errors === _errs62){
if(Array.isArray(data24)){
var valid16 = true;
const len3 = data24.length;
for(let i3=0; i3<len3; i3++){
let data25 = data24[i3];
const _errs64 = errors;
if(errors === _errs64){
if(data25 && typeof data25 == "object" && !Array.isArray(data25)){
let missing6;
if((data25.id === undefined) && (missing6 = "id")){
validate113.errors = [{instancePath:instancePath+"/donors/" + i2+"/writes/" + i3,schemaPath:"#/properties/donors/items/properties/writes/items/required",keyword:"required",params:{missingProperty: missing6},message:"must have required property '"+missing6+"'"}];
return false;
}
else {
const _errs66 = errors;
for(const key6 in data25){
if(!((key6 === "id") || (key6 === "keeps"))){
validate113.errors = [{instancePath:instancePath+"/donors/" + i2+"/writes/" + i3,schemaPath:"#/properties/donors/items/properties/writes/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key6},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs66 === errors){
if(data25.id !== undefined){
let data26 = data25.id;
const _errs67 = errors;
const _errs68 = errors;
if(errors === _errs68){
if(data26 && typeof data26 == "object" && !Array.isArray(data26)){
let missing7;
if(((((data26.group === undefined) && (missing7 = "group")) || ((data26.kind === undefined) && (missing7 = "kind"))) || ((data26.namespace === undefined) && (missing7 = "namespace"))) || ((data26.name === undefined) && (missing7 = "name"))){
validate113.errors = [{instancePath:instancePath+"/donors/" + i2+"/writes/" + i3+"/id",schemaPath:"#/$defs/id/required",keyword:"required",params:{missingProperty: missing7},message:"must have required property '"+missing7+"'"}];
return false;
}
else {
const _errs70 = errors;
for(const key7 in data26){
if(!((((key7 === "group") || (key7 === "kind")) || (key7 === "namespace")) || (key7 === "name"))){
validate113.errors = [{instancePath:instancePath+"/donors/" + i2+"/writes/" + i3+"/id",schemaPath:"#/$defs/id/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key7},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs70 === errors){
if(data26.group !== undefined){
const _errs71 = errors;
if(typeof data26.group !== "string"){
validate113.errors = [{instancePath:instancePath+"/donors/" + i2+"/writes/" + i3+"/id/group",schemaPath:"#/$defs/id/properties/group/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid19 = _errs71 === errors;
}
else {
var valid19 = true;
}
if(valid19){
if(data26.kind !== undefined){
const _errs73 = errors;
if(typeof data26.kind !== "string"){
validate113.errors = [{instancePath:instancePath+"/donors/" + i2+"/writes/" + i3+"/id/kind",schemaPath:"#/$defs/id/properties/kind/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid19 = _errs73 === errors;
}
else {
var valid19 = true;
}
if(valid19){
if(data26.namespace !== undefined){
const _errs75 = errors;
if(typeof data26.namespace !== "string"){
validate113.errors = [{instancePath:instancePath+"/donors/" + i2+"/writes/" + i3+"/id/namespace",schemaPath:"#/$defs/id/properties/namespace/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid19 = _errs75 === errors;
}
else {
var valid19 = true;
}
if(valid19){
if(data26.name !== undefined){
const _errs77 = errors;
if(typeof data26.name !== "string"){
validate113.errors = [{instancePath:instancePath+"/donors/" + i2+"/writes/" + i3+"/id/name",schemaPath:"#/$defs/id/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid19 = _errs77 === errors;
}
else {
var valid19 = true;
}
}
}
}
}
}
}
else {
validate113.errors = [{instancePath:instancePath+"/donors/" + i2+"/writes/" + i3+"/id",schemaPath:"#/$defs/id/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid17 = _errs67 === errors;
}
else {
var valid17 = true;
}
if(valid17){
if(data25.keeps !== undefined){
let data31 = data25.keeps;
const _errs79 = errors;
if(!(((typeof data31 == "number") && (!(data31 % 1) && !isNaN(data31))) && (isFinite(data31)))){
validate113.errors = [{instancePath:instancePath+"/donors/" + i2+"/writes/" + i3+"/keeps",schemaPath:"#/properties/donors/items/properties/writes/items/properties/keeps/type",keyword:"type",params:{type: "integer"},message:"must be integer"}];
return false;
}
if(errors === _errs79){
if((typeof data31 == "number") && (isFinite(data31))){
if(data31 < 0 || isNaN(data31)){
validate113.errors = [{instancePath:instancePath+"/donors/" + i2+"/writes/" + i3+"/keeps",schemaPath:"#/properties/donors/items/properties/writes/items/properties/keeps/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"}];
return false;
}
}
}
var valid17 = _errs79 === errors;
}
else {
var valid17 = true;
}
}
}
}
}
else {
validate113.errors = [{instancePath:instancePath+"/donors/" + i2+"/writes/" + i3,schemaPath:"#/properties/donors/items/properties/writes/items/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid16 = _errs64 === errors;
if(!valid16){
break;
}
}
}
else {
validate113.errors = [{instancePath:instancePath+"/donors/" + i2+"/writes",schemaPath:"#/properties/donors/items/properties/writes/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid13 = _errs62 === errors;
}
else {
var valid13 = true;
}
}
}
}
}
}
}
else {
validate113.errors = [{instancePath:instancePath+"/donors/" + i2,schemaPath:"#/properties/donors/items/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid12 = _errs51 === errors;
if(!valid12){
break;
}
}
}
else {
validate113.errors = [{instancePath:instancePath+"/donors",schemaPath:"#/properties/donors/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs49 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
else {
validate113.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate113.errors = vErrors;
return errors === 0;
}
validate113.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};


function validate21(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate21.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((((((((((data.format === undefined) && (missing0 = "format")) || ((data.version === undefined) && (missing0 = "version"))) || ((data.platform === undefined) && (missing0 = "platform"))) || ((data.purpose === undefined) && (missing0 = "purpose"))) || ((data.assemblyDigest === undefined) && (missing0 = "assemblyDigest"))) || ((data.createdAt === undefined) && (missing0 = "createdAt"))) || ((data.expiresAt === undefined) && (missing0 = "expiresAt"))) || ((data.changes === undefined) && (missing0 = "changes"))) || ((data.clusters === undefined) && (missing0 = "clusters"))){
validate21.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!(func1.call(schema32.properties, key0))){
validate21.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.format !== undefined){
const _errs2 = errors;
if("orrery/plan" !== data.format){
validate21.errors = [{instancePath:instancePath+"/format",schemaPath:"#/properties/format/const",keyword:"const",params:{allowedValue: "orrery/plan"},message:"must be equal to constant"}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.version !== undefined){
let data1 = data.version;
const _errs3 = errors;
if(errors === _errs3){
if(typeof data1 === "string"){
if(!pattern4.test(data1)){
validate21.errors = [{instancePath:instancePath+"/version",schemaPath:"#/properties/version/pattern",keyword:"pattern",params:{pattern: "^[0-9]+\\.[0-9]+$"},message:"must match pattern \""+"^[0-9]+\\.[0-9]+$"+"\""}];
return false;
}
}
else {
validate21.errors = [{instancePath:instancePath+"/version",schemaPath:"#/properties/version/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs3 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.platform !== undefined){
let data2 = data.platform;
const _errs5 = errors;
const _errs6 = errors;
if(errors === _errs6){
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
let missing1;
if((data2.id === undefined) && (missing1 = "id")){
validate21.errors = [{instancePath:instancePath+"/platform",schemaPath:"#/$defs/platform/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs8 = errors;
for(const key1 in data2){
if(!((key1 === "id") || (key1 === "displayName"))){
validate21.errors = [{instancePath:instancePath+"/platform",schemaPath:"#/$defs/platform/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs8 === errors){
if(data2.id !== undefined){
const _errs9 = errors;
if(typeof data2.id !== "string"){
validate21.errors = [{instancePath:instancePath+"/platform/id",schemaPath:"#/$defs/platform/properties/id/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid2 = _errs9 === errors;
}
else {
var valid2 = true;
}
if(valid2){
if(data2.displayName !== undefined){
const _errs11 = errors;
if(typeof data2.displayName !== "string"){
validate21.errors = [{instancePath:instancePath+"/platform/displayName",schemaPath:"#/$defs/platform/properties/displayName/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid2 = _errs11 === errors;
}
else {
var valid2 = true;
}
}
}
}
}
else {
validate21.errors = [{instancePath:instancePath+"/platform",schemaPath:"#/$defs/platform/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs5 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.purpose !== undefined){
let data5 = data.purpose;
const _errs13 = errors;
if(!((data5 === "apply") || (data5 === "destroy"))){
validate21.errors = [{instancePath:instancePath+"/purpose",schemaPath:"#/properties/purpose/enum",keyword:"enum",params:{allowedValues: schema32.properties.purpose.enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid0 = _errs13 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.assemblyDigest !== undefined){
const _errs14 = errors;
if(typeof data.assemblyDigest !== "string"){
validate21.errors = [{instancePath:instancePath+"/assemblyDigest",schemaPath:"#/properties/assemblyDigest/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs14 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.createdAt !== undefined){
const _errs16 = errors;
if(typeof data.createdAt !== "string"){
validate21.errors = [{instancePath:instancePath+"/createdAt",schemaPath:"#/properties/createdAt/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs16 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.expiresAt !== undefined){
const _errs18 = errors;
if(typeof data.expiresAt !== "string"){
validate21.errors = [{instancePath:instancePath+"/expiresAt",schemaPath:"#/properties/expiresAt/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs18 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.changes !== undefined){
const _errs20 = errors;
if(typeof data.changes !== "boolean"){
validate21.errors = [{instancePath:instancePath+"/changes",schemaPath:"#/properties/changes/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"}];
return false;
}
var valid0 = _errs20 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.clusters !== undefined){
let data10 = data.clusters;
const _errs22 = errors;
if(errors === _errs22){
if(Array.isArray(data10)){
var valid3 = true;
const len0 = data10.length;
for(let i0=0; i0<len0; i0++){
const _errs24 = errors;
if(!(validate22(data10[i0], {instancePath:instancePath+"/clusters/" + i0,parentData:data10,parentDataProperty:i0,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
var valid3 = _errs24 === errors;
if(!valid3){
break;
}
}
}
else {
validate21.errors = [{instancePath:instancePath+"/clusters",schemaPath:"#/properties/clusters/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs22 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.unverified !== undefined){
const _errs25 = errors;
if(typeof data.unverified !== "boolean"){
validate21.errors = [{instancePath:instancePath+"/unverified",schemaPath:"#/properties/unverified/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"}];
return false;
}
var valid0 = _errs25 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.rollout !== undefined){
const _errs27 = errors;
if(!(validate108(data.rollout, {instancePath:instancePath+"/rollout",parentData:data,parentDataProperty:"rollout",rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate108.errors : vErrors.concat(validate108.errors);
errors = vErrors.length;
}
var valid0 = _errs27 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.headroom !== undefined){
let data14 = data.headroom;
const _errs28 = errors;
if(errors === _errs28){
if(Array.isArray(data14)){
var valid4 = true;
const len1 = data14.length;
for(let i1=0; i1<len1; i1++){
const _errs30 = errors;
if(!(validate111(data14[i1], {instancePath:instancePath+"/headroom/" + i1,parentData:data14,parentDataProperty:i1,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate111.errors : vErrors.concat(validate111.errors);
errors = vErrors.length;
}
var valid4 = _errs30 === errors;
if(!valid4){
break;
}
}
}
else {
validate21.errors = [{instancePath:instancePath+"/headroom",schemaPath:"#/properties/headroom/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs28 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.uncovered !== undefined){
let data16 = data.uncovered;
const _errs31 = errors;
if(errors === _errs31){
if(Array.isArray(data16)){
var valid5 = true;
const len2 = data16.length;
for(let i2=0; i2<len2; i2++){
let data17 = data16[i2];
const _errs33 = errors;
const _errs34 = errors;
if(errors === _errs34){
if(data17 && typeof data17 == "object" && !Array.isArray(data17)){
let missing2;
if((((data17.path === undefined) && (missing2 = "path")) || ((data17.what === undefined) && (missing2 = "what"))) || ((data17.clusters === undefined) && (missing2 = "clusters"))){
validate21.errors = [{instancePath:instancePath+"/uncovered/" + i2,schemaPath:"#/$defs/uncovered/required",keyword:"required",params:{missingProperty: missing2},message:"must have required property '"+missing2+"'"}];
return false;
}
else {
const _errs36 = errors;
for(const key2 in data17){
if(!(((key2 === "path") || (key2 === "what")) || (key2 === "clusters"))){
validate21.errors = [{instancePath:instancePath+"/uncovered/" + i2,schemaPath:"#/$defs/uncovered/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs36 === errors){
if(data17.path !== undefined){
const _errs37 = errors;
if(typeof data17.path !== "string"){
validate21.errors = [{instancePath:instancePath+"/uncovered/" + i2+"/path",schemaPath:"#/$defs/uncovered/properties/path/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid7 = _errs37 === errors;
}
else {
var valid7 = true;
}
if(valid7){
if(data17.what !== undefined){
const _errs39 = errors;
if(typeof data17.what !== "string"){
validate21.errors = [{instancePath:instancePath+"/uncovered/" + i2+"/what",schemaPath:"#/$defs/uncovered/properties/what/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid7 = _errs39 === errors;
}
else {
var valid7 = true;
}
if(valid7){
if(data17.clusters !== undefined){
let data20 = data17.clusters;
const _errs41 = errors;
if(errors === _errs41){
if(Array.isArray(data20)){
var valid8 = true;
const len3 = data20.length;
for(let i3=0; i3<len3; i3++){
const _errs43 = errors;
if(typeof data20[i3] !== "string"){
validate21.errors = [{instancePath:instancePath+"/uncovered/" + i2+"/clusters/" + i3,schemaPath:"#/$defs/uncovered/properties/clusters/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid8 = _errs43 === errors;
if(!valid8){
break;
}
}
}
else {
validate21.errors = [{instancePath:instancePath+"/uncovered/" + i2+"/clusters",schemaPath:"#/$defs/uncovered/properties/clusters/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid7 = _errs41 === errors;
}
else {
var valid7 = true;
}
}
}
}
}
}
else {
validate21.errors = [{instancePath:instancePath+"/uncovered/" + i2,schemaPath:"#/$defs/uncovered/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid5 = _errs33 === errors;
if(!valid5){
break;
}
}
}
else {
validate21.errors = [{instancePath:instancePath+"/uncovered",schemaPath:"#/properties/uncovered/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs31 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.moves !== undefined){
let data22 = data.moves;
const _errs45 = errors;
if(errors === _errs45){
if(Array.isArray(data22)){
var valid9 = true;
const len4 = data22.length;
for(let i4=0; i4<len4; i4++){
const _errs47 = errors;
if(!(validate113(data22[i4], {instancePath:instancePath+"/moves/" + i4,parentData:data22,parentDataProperty:i4,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate113.errors : vErrors.concat(validate113.errors);
errors = vErrors.length;
}
var valid9 = _errs47 === errors;
if(!valid9){
break;
}
}
}
else {
validate21.errors = [{instancePath:instancePath+"/moves",schemaPath:"#/properties/moves/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs45 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
validate21.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate21.errors = vErrors;
return errors === 0;
}
validate21.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};


function validate20(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="https://orrery.example.com/schemas/plan/1.1.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate20.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(!(validate21(data, {instancePath,parentData,parentDataProperty,rootData,dynamicAnchors}))){
vErrors = vErrors === null ? validate21.errors : vErrors.concat(validate21.errors);
errors = vErrors.length;
}
validate20.errors = vErrors;
return errors === 0;
}
validate20.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

