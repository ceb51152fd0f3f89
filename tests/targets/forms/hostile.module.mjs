export default {format:1,form:"_1_hostile",hash:"2dedf99a2936c4f85f5db9c5aed2cfa008a8828abf71d8d63eca0f32713444f6",edition:2026,zone:"UTC",languages:["en"],
nodes:[{k:0,e:9},{n:"deprecated_",t:1,g:1e4},{n:"class",j:"*/ \"] = 1",t:1,g:1e4},{n:"constructor",t:3,r:1},{n:"proto",j:"__proto__",t:3},{n:"dashed",j:"a-b",t:1,g:1e4},{k:2,n:"import",e:1},{n:"default",t:1,g:1e4,r:1},{n:"pick",t:10,l:0},{n:"picks",t:11,l:0}],
scopes:[],
lists:[{n:"bad",c:["\"; evil(); \"","*/","\\","a b","‮txt","${x}"]}],
patterns:[],
checks:[],
rules:({})=>[]}
