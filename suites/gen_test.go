package suites
import ("testing";"os";"strconv";"encoding/json";"sort";"fmt")
func TestGen(t *testing.T){
 n,_:=strconv.Atoi(os.Getenv("N")); seed,_:=strconv.Atoi(os.Getenv("SEED"))
 p,err:=ProveGenerated(t.Context(),n,uint64(seed),ProveConfig{})
 if err!=nil{t.Fatal(err)}
 a,r,k:=p.Counts(); fmt.Println(a,r,k)
 b,_:=json.MarshalIndent(p,""," "); os.WriteFile("/tmp/gen.json",b,0o644)
 fam:=map[string][3]int{}
 for _,x:=range p.Trials{f:=fam[x.Family];f[0]++;if x.Changed>0{f[1]++};if x.Killed{f[2]++};fam[x.Family]=f}
 var ks []string; for k:=range fam{ks=append(ks,k)}; sort.Strings(ks)
 for _,k:=range ks{fmt.Println(k,fam[k])}
 for _,x:=range p.Trials{ if x.Changed>0&&!x.Killed{fmt.Println("SURVIVED",x.Name,x.Changed,x.Verdict,x.Failed)}}
}
